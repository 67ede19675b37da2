#!/usr/bin/env bash
# Installs the Debian packages that are missing, and says nothing more than that if none is.
#   scripts/install_dependencies.sh [--tests] [--bench] [--fuzz]
set -euo pipefail

packages=(
  g++ cmake ninja-build make git ca-certificates
  libboost-dev libboost-random-dev libboost-math-dev
  libtbb-dev
  libeigen3-dev
  libhdf5-dev
  libcli11-dev
  libtomlplusplus-dev
  nlohmann-json3-dev
  libfmt-dev
  libhwy-dev
  librandom123-dev
  libxlsxwriter-dev
)
# For the decision report; another node with its npm, from wherever it came, serves as well.
if ! command -v npm >/dev/null || ! { command -v node || command -v nodejs; } >/dev/null; then
  packages+=(nodejs npm)
fi
tests=(
  libgtest-dev libgmock-dev
  libgsl-dev
  python3 python3-numpy python3-scipy python3-h5py python3-jsonschema python3-netcdf4
  python3-pandas python3-xarray python3-h5netcdf python3-openpyxl
  chromium fonts-dejavu-core
  r-base-core r-bioc-rhdf5
  libreoffice-calc-nogui
  python3-openturns
  clang-format-14
)
bench=(libbenchmark-dev)
fuzz=(clang-19 libclang-rt-19-dev llvm-19)

for argument in "$@"; do
  case "$argument" in
    --tests) packages+=("${tests[@]}") ;;
    --bench) packages+=("${bench[@]}") ;;
    --fuzz) packages+=("${fuzz[@]}") ;;
    *)
      echo "usage: $0 [--tests] [--bench] [--fuzz]" >&2
      exit 2
      ;;
  esac
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "This is not a Debian system; the build needs what these Debian packages hold: ${packages[*]}"
  exit 0
fi

installed=" $(dpkg-query -W -f='${db:Status-Status}:${binary:Package}\n' 2>/dev/null |
  sed -n 's/^installed:\([^:]*\).*/\1/p' | tr '\n' ' ') "
missing=()
for package in "${packages[@]}"; do
  [[ "$installed" == *" $package "* ]] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
  echo "All ${#packages[@]} packages are installed."
  exit 0
fi

as_root=()
if ((EUID != 0)); then
  if ! command -v sudo >/dev/null; then
    echo "These packages are missing, and installing them takes root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
apt_get=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0)

echo "Installing: ${missing[*]}"
"${apt_get[@]}" update
"${apt_get[@]}" install -y --no-install-recommends "${missing[@]}"
