"""Sobol' indices by OpenTURNS of outputs given one a line: n, k, then n of A, n of B and n of each AB. Prints, for each
input, the first-order index by Saltelli, and first-order and total index by Jansen."""

import sys

import numpy
import openturns

numbers = numpy.loadtxt(sys.argv[1])
n, k = int(numbers[0]), int(numbers[1])
outputs = openturns.Sample(numbers[2:].reshape(-1, 1))
inputs = openturns.Sample((k + 2) * n, k)  # not used by the estimators
saltelli = openturns.SaltelliSensitivityAlgorithm(inputs, outputs, n)
jansen = openturns.JansenSensitivityAlgorithm(inputs, outputs, n)
for row in zip(saltelli.getFirstOrderIndices(), jansen.getFirstOrderIndices(), jansen.getTotalOrderIndices()):
    print(*(f"{value:.17g}" for value in row))
