"""Eighteen inter-war democracies: fuzzy memberships of Ragin (2009), table 5.2.

In B. Rihoux and C. C. Ragin (eds), Configurational Comparative Methods, Sage, ch. 5.
"""

import pandas as pd

_TABLE = """
case         SURVIVED DEVELOPED URBAN LITERATE INDUSTRIAL STABLE
Austria          0.05      0.81  0.12     0.99       0.73   0.43
Belgium          0.95      0.99  0.89     0.98       1.00   0.98
Czechoslovakia   0.89      0.58  0.98     0.98       0.90   0.91
Estonia          0.12      0.16  0.07     0.98       0.01   0.91
Finland          0.77      0.58  0.03     0.99       0.08   0.58
France           0.95      0.98  0.03     0.99       0.81   0.95
Germany          0.05      0.89  0.79     0.99       0.96   0.31
Greece           0.06      0.04  0.09     0.13       0.36   0.43
Hungary          0.42      0.07  0.16     0.88       0.07   0.13
Ireland          0.92      0.72  0.05     0.98       0.01   0.95
Italy            0.05      0.34  0.10     0.41       0.47   0.58
Netherlands      0.95      0.98  1.00     0.99       0.94   0.99
Poland           0.12      0.02  0.17     0.59       0.00   0.00
Portugal         0.05      0.01  0.02     0.01       0.11   0.01
Romania          0.21      0.01  0.03     0.17       0.00   0.84
Spain            0.06      0.03  0.30     0.09       0.21   0.20
Sweden           0.95      0.95  0.13     0.99       0.67   0.91
UK               0.95      0.98  0.99     0.99       1.00   0.98
"""


def lipset() -> pd.DataFrame:
    """The published table, one row a country."""
    header, *rows = (line.split() for line in _TABLE.strip().splitlines())
    frame = pd.DataFrame([row[1:] for row in rows], columns=header[1:], dtype=float)
    return frame.set_index(pd.Index([row[0] for row in rows], name="case"))
