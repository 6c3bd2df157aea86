"""What can go wrong for a user: one class and one exit code each, printed as one line.

A message says what happened, where (file, table, column) and what to do; it never holds a
patient's value.
"""


class EtlError(Exception):
    """Base of all errors that a user can mend; `exit_code` is the process's."""

    exit_code = 1


class UsageError(EtlError):
    """The command line asks for something impossible."""

    exit_code = 2


class SourceError(EtlError):
    """The hospital's files cannot be taken: nothing was landed."""

    exit_code = 3


class ContractError(EtlError):
    """A contract, a mapping or a vocabulary file of this project is wrong."""

    exit_code = 4


class PlanError(EtlError):
    """A SQL step reads or fills something that does not exist."""

    exit_code = 5


class TransformError(EtlError):
    """A step failed while it ran: nothing was published."""

    exit_code = 6


class MemoryLimitError(TransformError):
    """A step needs more memory than the limit gives it."""


class WarehouseError(EtlError):
    """PostgreSQL cannot be reached, refuses, or is of an unsupported version."""

    exit_code = 7


class BusyError(EtlError):
    """Another run holds the data home or the warehouse."""

    exit_code = 8


class KeyMissingError(EtlError):
    """A real hospital's data was given without the key for its pseudonyms."""

    exit_code = 9


class ReconcileError(EtlError):
    """The ledger does not add up."""

    exit_code = 10


class NotFoundError(EtlError):
    """The id asked for is not there."""

    exit_code = 11


class VocabularyError(EtlError):
    """An Athena download cannot be taken: the vocabulary in use stays."""

    exit_code = 12


class StaleMappingError(EtlError):
    """Lines of maps or codelists no longer agree with the vocabulary."""

    exit_code = 13


class StaleCohortError(EtlError):
    """The published cohort is not what its definition, review file and CDM would give now."""

    exit_code = 14


class ReviewError(EtlError):
    """A line of the review file cannot be taken: the published cohort stays."""

    exit_code = 15
