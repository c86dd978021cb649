"""A program under test that is small enough to see through."""

import random
import sys

from sandboxes.contract import read_config, write_result

folder = sys.argv[1]
config = read_config(folder)
x = int(config.settings["x"])
noise = random.Random(config.seed).random()
print(f"x is {x}")
write_result(folder, config, {"total": (x + noise, "1"), "twice": (2 * x, "1")})
