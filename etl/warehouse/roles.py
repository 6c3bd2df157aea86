"""Who may read: a newly published schema is readable by those who could read the one before."""

from typing import TYPE_CHECKING, Any

from etl.warehouse.session import name

if TYPE_CHECKING:
    import psycopg


def carry_grants(con: "psycopg.Connection[tuple[Any, ...]]", old: str, new: str) -> None:
    """Give every reader of the schema `old` the same right to read in the schema `new`."""
    for (role,) in con.execute(_MAY_USE, [old]).fetchall():
        con.execute(f"GRANT USAGE ON SCHEMA {name(new)} TO {_grantee(role)}")
    for table, role in con.execute(_MAY_READ, [old, new]).fetchall():
        con.execute(f"GRANT SELECT ON {name(new, table)} TO {_grantee(role)}")


def _grantee(role: str | None) -> str:
    return "PUBLIC" if role is None else name(role)


_MAY_USE = """
SELECT DISTINCT role.rolname
FROM pg_catalog.pg_namespace AS place
CROSS JOIN LATERAL pg_catalog.aclexplode(place.nspacl) AS permit
LEFT JOIN pg_catalog.pg_roles AS role ON role.oid = permit.grantee
WHERE place.nspname = %s AND permit.privilege_type = 'USAGE' AND permit.grantee <> place.nspowner
"""

_MAY_READ = """
SELECT DISTINCT relation.relname, role.rolname
FROM pg_catalog.pg_class AS relation
JOIN pg_catalog.pg_namespace AS place ON place.oid = relation.relnamespace
CROSS JOIN LATERAL pg_catalog.aclexplode(relation.relacl) AS permit
LEFT JOIN pg_catalog.pg_roles AS role ON role.oid = permit.grantee
JOIN pg_catalog.pg_class AS heir ON heir.relname = relation.relname
JOIN pg_catalog.pg_namespace AS heirs_place ON heirs_place.oid = heir.relnamespace
WHERE
    place.nspname = %s AND heirs_place.nspname = %s AND heir.relkind IN ('r', 'v')
    AND permit.privilege_type = 'SELECT' AND permit.grantee <> relation.relowner
"""
