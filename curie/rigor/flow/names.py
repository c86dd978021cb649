"""What functions of the usual libraries are, by their names."""

GENERATORS = frozenset(
    {
        "random.Random", "random.SystemRandom", "numpy.random.default_rng",
        "numpy.random.RandomState", "numpy.random.SeedSequence", "numpy.random.Generator",
        "numpy.random.PCG64", "numpy.random.Philox", "numpy.random.MT19937", "numpy.random.SFC64",
    }
)  # fmt: skip
"""What makes a generator of random numbers, or the seed of one."""
SEEDERS = frozenset({"random.seed", "numpy.random.seed", "torch.manual_seed"})
DRAWS = frozenset(
    {
        "random", "gauss", "normal", "normalvariate", "uniform", "standard_normal", "rand", "randn",
        "randint", "integers", "lognormal", "lognormvariate", "triangular", "expovariate",
        "exponential", "betavariate", "randrange", "choice", "choices", "sample", "getrandbits",
        "poisson", "binomial", "gamma", "beta", "laplace", "logistic", "paretovariate", "pareto",
        "zipf", "geometric", "weibullvariate", "vonmisesvariate", "gammavariate", "permutation",
        "permuted", "multivariate_normal", "standard_t", "chisquare", "rayleigh", "random_sample",
        "dirichlet", "multinomial", "binomialvariate", "bytes", "randbytes", "standard_exponential",
        "standard_gamma", "negative_binomial", "gumbel", "weibull", "f", "noncentral_chisquare",
    }
)  # fmt: skip
MANY = frozenset({"sample", "choices", "permutation", "permuted", "multivariate_normal"})
"""Draws that give more than one number."""
SPAWNS = frozenset({"spawn", "jumped", "generate_state", "getstate", "bit_generator"})
AGGREGATES = frozenset(
    {
        "mean", "sum", "median", "fmean", "average", "nanmean", "nanmedian", "percentile",
        "quantile", "quantiles", "min", "max", "amin", "amax", "fsum", "std", "var", "stdev",
        "pstdev", "variance", "trim_mean", "median_low", "median_high", "nanmin", "nanmax", "mode",
        "nansum", "ptp", "geometric_mean", "harmonic_mean", "cumsum", "agg",
    }
)  # fmt: skip
BESTS = frozenset({"min", "max", "amin", "amax", "nanmin", "nanmax"})
CURVES = frozenset(
    {
        "exp", "log", "log2", "log10", "log1p", "expm1", "sqrt", "sin", "cos", "tan", "tanh",
        "sinh",
        "cosh", "power", "square", "pow", "cbrt", "atan", "arctan", "asin", "acos", "hypot", "erf",
        "expit", "gamma", "lgamma", "sign", "isqrt", "floor_divide", "mod", "remainder",
        "heaviside",
        "comb", "factorial", "perm", "gcd", "exp2", "logaddexp", "sigmoid", "reciprocal",
    }
)  # fmt: skip
LINES = frozenset(
    {
        "floor", "ceil", "trunc", "fabs", "abs", "absolute", "round", "rint", "around", "clip",
        "maximum", "minimum", "add", "subtract", "negative", "float64", "float32", "int64", "int32",
        "array", "asarray", "ascontiguousarray", "concatenate", "stack", "column_stack", "vstack",
        "hstack", "dstack", "tile", "repeat", "where", "reshape", "copy", "deepcopy", "flip",
        "roll",
        "zeros", "ones", "full", "empty", "eye", "zeros_like", "ones_like", "full_like",
        "empty_like", "ravel", "squeeze", "expand_dims", "broadcast_to", "diag", "Fraction",
        "Decimal", "multiply", "divide", "true_divide", "identity", "atleast_2d", "atleast_1d",
        "transpose", "meshgrid", "fromiter", "Series", "DataFrame", "get", "isclose", "copysign",
        "sort", "OrderedDict", "deque", "array.array", "linspace", "arange", "logspace",
        "geomspace", "outer", "kron", "to_numpy", "append", "nan_to_num", "float", "int",
    }
)  # fmt: skip
"""What moves, stretches, cuts or lays out numbers, and makes none."""
SPREADS = frozenset({"linspace", "arange", "logspace", "geomspace", "meshgrid", "eye", "diag"})
DECODES = frozenset(
    {
        "interp", "polyval", "poly1d", "interp1d", "CubicSpline", "PchipInterpolator", "Polynomial",
        "b64decode", "b32decode", "b16decode", "a85decode", "b85decode", "unhexlify", "fromhex",
        "unpack", "unpack_from", "iter_unpack", "decompress", "literal_eval", "frombuffer",
        "from_bytes", "fromstring", "loads", "Fraction", "Decimal", "getitem", "mul", "truediv",
        "sub", "neg", "bisect", "bisect_left", "bisect_right", "polyfit", "StringIO", "BytesIO",
        "reader", "DictReader", "read_csv", "loadtxt", "genfromtxt", "namedtuple", "make_dataclass",
        "field", "SimpleNamespace", "MappingProxyType", "fromtimestamp", "add", "chain", "ldexp",
        "prod", "dot", "cumprod", "frexp", "fmod", "ChainMap",
    }
)  # fmt: skip
"""What reads numbers out of how they were written down; nothing is worked out."""
PASSES = frozenset(
    {
        "astype", "reshape", "copy", "tolist", "ravel", "flatten", "item", "transpose", "clip",
        "round", "squeeze", "swapaxes", "to_numpy", "view", "repeat", "total_seconds", "limit",
        "strip", "decode", "encode", "conjugate", "read", "readlines", "numpy",
        "fill", "head", "tail", "reset_index", "real",
    }
)  # fmt: skip
KEEPS = frozenset(
    {
        "functools.lru_cache", "functools.cache", "functools.wraps", "functools.total_ordering",
        "functools.singledispatch", "contextlib.contextmanager", "dataclasses.dataclass",
        "functools.update_wrapper", "functools.cmp_to_key", "asyncio.run", "asyncio.create_task",
        "asyncio.ensure_future", "asyncio.gather", "asyncio.wait_for", "staticmethod", "copy.copy",
        "copy.deepcopy", "typing.cast", "types.MappingProxyType", "atexit.register",
        "numpy.vectorize", "abc.abstractmethod", "enum.unique", "numba.njit", "pathlib.Path",
        "pathlib.PurePath", "os.fspath", "os.path.abspath", "os.path.realpath", "typing.final",
    }
)  # fmt: skip
"""What gives back, as far as a reader cares, what it was given."""
SUBMITS = frozenset({"submit", "apply", "apply_async", "map", "imap", "starmap", "imap_unordered"})
WORLD = (
    "os.environ", "os.getenv", "os.getpid", "os.urandom", "os.getppid", "socket.", "platform.",
    "uuid.", "secrets.", "os.uname", "getpass.", "os.listdir", "os.scandir", "glob.", "os.stat",
    "os.path.getmtime", "os.walk", "datetime.datetime.now", "datetime.datetime.today",
    "datetime.datetime.utcnow", "datetime.date.today", "time.ctime", "time.localtime",
    "time.gmtime", "time.strftime", "os.cpu_count", "os.getcwd", "sys.modules", "psutil.",
    "random.SystemRandom", "os.times", "os.getloadavg",
)  # fmt: skip
"""What tells a program of the world beyond its trial."""
PURE = (
    "numpy.", "scipy.special.", "scipy.stats.", "scipy.interpolate.", "math.", "statistics.",
    "operator.", "fractions.", "decimal.", "cmath.", "string.", "textwrap.", "re.", "hashlib.",
    "zlib.", "binascii.", "codecs.", "collections.", "itertools.", "json.", "bisect.", "array.",
    "struct.", "base64.", "ast.", "types.", "colorsys.", "datetime.", "calendar.", "enum.",
)  # fmt: skip
"""Libraries in whose functions constants stay constants."""
ITERATIONS = frozenset(
    {
        "product", "chain", "repeat", "islice", "cycle", "combinations", "permutations", "count",
        "accumulate", "pairwise", "zip_longest", "takewhile", "dropwhile", "groupby", "batched",
        "from_iterable", "combinations_with_replacement", "starmap", "tee",
    }
)  # fmt: skip
