"""The commands of `npc-omop`, one function each. Heavy libraries are imported where used."""
