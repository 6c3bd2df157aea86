"""Standard concepts and the maps onto them.

`starter` and `local` make the vocabulary that comes with the project, `athena` takes a download in
its place, `kept` knows which one is in use. `maps` joins hospital codes to it, `usagi` brings back
what reviewers decide, `check` finds the lines that an upgrade has made wrong.
"""
