# shellcheck shell=bash
# Sourced by format.sh and check_format.sh: finds clang-format 14 and the C++ files.
clang_format=""
for candidate in clang-format-14 clang-format; do
  if command -v "$candidate" >/dev/null && "$candidate" --version | grep -q 'version 14\.'; then
    clang_format="$candidate"
    break
  fi
done
if [[ -z "$clang_format" ]]; then
  echo "clang-format 14 is missing; other versions format differently. On Debian: apt-get install clang-format-14" >&2
  exit 1
fi

# The C++ files of the project that git knows or would add, each ended by a zero byte.
list_sources() {
  local file
  git ls-files -z --cached --others --exclude-standard -- '*.hpp' '*.cpp' | sort -zu |
    while IFS= read -r -d '' file; do
      if [[ -f "$file" ]]; then printf '%s\0' "$file"; fi
    done
}
