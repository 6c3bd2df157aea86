"""The invented hospital: `generate.generate` writes its 18 tables and what is true about them.

    plan, violations, course      what will happen to a patient: dates, disease, the rule missed
    journey, *_phase, special     the plan becomes visits, and every visit its rows
    visits, orders, labs, ...     one module for each kind of paper
    other_cancers                 four in five patients, in less detail
    told, text_fact               a sentence with what it states; the facts planted in texts
    truth                         the answers of a perfect abstractor
    batch, traps, traps_*         the mess, one named function each
    write, generate               batches of patients to files

Figures stand in parameters.yaml, codes in bank/*.csv, wording in phrases/*.yaml.
"""
