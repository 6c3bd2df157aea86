"""Commands for the warehouse: where it listens, and the way back."""

from etl.options import Home, Warehouse, settings_for


def rollback(home: Home = None, warehouse: Warehouse = None) -> None:
    """Put the previous CDM and its study tables back in place.

    Example: npc-omop rollback
    """
    from etl.run import held
    from etl.warehouse.publish import rollback as put_back
    from etl.warehouse.server import connect_url

    settings = settings_for(home, warehouse)
    with held(settings):
        put_back(connect_url(settings))
    print("the previous CDM is published again; a second rollback undoes this one")


def url(home: Home = None, warehouse: Warehouse = None) -> None:
    """Print where the warehouse listens; starts the embedded server if need be.

    Example: psql "$(npc-omop url)" -c "select count(*) from cdm.person"
    """
    from etl.warehouse.server import connect_url

    print(connect_url(settings_for(home, warehouse)))


def stop(home: Home = None) -> None:
    """Stop the embedded server. Its data stays.

    Example: npc-omop stop
    """
    from etl.warehouse.server import stop as stop_server

    print("stopped" if stop_server(settings_for(home)) else "no embedded server runs here")
