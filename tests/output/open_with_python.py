"""Opens a run file as its users do: with h5py, and with xarray by both of its engines.

usage: open_with_python.py RUN.h5
Prints what could not be tried because a package is missing; fails on anything else.
"""

import sys
import zlib


def with_h5py(path):
    import h5py

    with h5py.File(path) as run:
        assert run.attrs["filetype"] == "channelcast-run"
        assert run.attrs["complete"] == 1
        assert int(run.attrs["seed"]) == 18446744073709551615, "all 64 bits of the seed"
        assert list(run.attrs["format_version"]) == [1, 0]
        trials = int(run.attrs["trials"])
        npv = run["outcomes/npv"]
        assert npv.shape == (trials,) and npv.dtype == "f8" and npv.attrs["units"] == "RUB"
        assert run["outcomes/leads"].dtype == "i8"
        assert list(run["partner"].asstr()) == ["alpha", "beta-001", "gamma"]
        assert run["scenario/text"].asstr()[()].startswith('name = "made up \N{EN DASH} ünïcode"')

        # Every axis of every dataset has a dimension scale of its length.
        def check(name, item):
            if not isinstance(item, h5py.Dataset):
                return
            only_an_axis = b"not a netCDF variable" in item.attrs.get("NAME", b"")
            if not only_an_axis:
                assert item.attrs["long_name"], name
                assert item.attrs["units"], name
            if item.attrs.get("CLASS") == b"DIMENSION_SCALE":
                return
            for axis, dimension in enumerate(item.dims):
                assert len(dimension) == 1, f"{name}: axis {axis} has {len(dimension)} scales"
                assert dimension[0].shape == (item.shape[axis],), name

        run.visititems(check)
        assert npv.dims[0].keys() == ["trial"]
        assert run["trial"].attrs["CLASS"] == b"DIMENSION_SCALE"

        summary = run["summary"][:]
        row = summary[summary["metric"] == b"npv"][0]
        assert abs(row["mean"] - npv[:].mean()) < 1e-9
        sums = {row["dataset"].decode(): row["crc32"] for row in run["checksums"][:]}
        for name in ["/outcomes/npv", "/partner_outcomes/cac", "/series/cash/quantiles", "/summary"]:
            assert sums[name] == zlib.crc32(run[name][()].tobytes()), name


def with_pandas(path):
    import h5py
    import pandas

    with h5py.File(path) as run:
        table = pandas.DataFrame(run["partner_summary"][:])
    assert list(table.columns[:4]) == ["partner", "metric", "mean", "mcse"]
    assert len(table) == 6


def groups_of(path):
    import h5py

    groups = []
    with h5py.File(path) as run:
        run.visititems(lambda name, item: groups.append(name) if isinstance(item, h5py.Group) else None)
    return groups


def with_xarray(path, engine):
    import numpy
    import xarray

    with xarray.open_dataset(path, engine=engine) as root:
        root.load()
        assert root["period"].values[2] == numpy.datetime64("2025-03-01")
        assert list(root["partner"].values) == ["alpha", "beta-001", "gamma"]
        assert root["quantile"].values[3] == 0.5
        assert root.sizes["trial"] == root.attrs["trials"]
    for group in groups_of(path):
        with xarray.open_dataset(path, engine=engine, group=group) as data:
            data.load()
            phony = [name for name in data.sizes if name.startswith("phony")]
            assert not phony, f"{group}: axes without a name"
            for name, variable in data.variables.items():
                assert variable.dtype.kind not in "mM", f"{group}/{name} was taken for a time"
    with xarray.open_dataset(path, engine=engine, group="partner_series/leads") as leads:
        assert leads["quantiles"].dims == ("quantile", "partner", "period")


def main():
    path = sys.argv[1]
    for name, packages, action in [
        ("h5py", ["h5py"], lambda: with_h5py(path)),
        ("pandas", ["h5py", "pandas"], lambda: with_pandas(path)),
        ("xarray, h5netcdf", ["xarray", "h5netcdf"], lambda: with_xarray(path, "h5netcdf")),
        ("xarray, netcdf4", ["xarray", "netCDF4"], lambda: with_xarray(path, "netcdf4")),
    ]:
        try:
            for package in packages:
                __import__(package)
        except ImportError as missing:
            print(f"{name}: not tried, {missing}")
            continue
        action()
        print(f"{name}: good")


if __name__ == "__main__":
    main()
