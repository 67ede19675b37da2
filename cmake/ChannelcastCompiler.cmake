# Flags of every target of the project.

# Results are the same bits with any compiler and any machine: a*b+c stays two roundings, and nothing is
# compiled for the processor at hand (the vectorised parts choose their instruction set when they run).
add_compile_options(-ffp-contract=off)
# errno of sqrt and the like is never read; without it they are single instructions. No result changes.
add_compile_options(-fno-math-errno)

# __FILE__ is a path within the project, whoever compiles it and wherever.
add_compile_options("-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=")

add_compile_options(
  -Wall
  -Wextra
  -Wpedantic
  -Wshadow
  -Wnon-virtual-dtor
  -Woverloaded-virtual
  -Wextra-semi
  -Wold-style-cast
  -Wcast-align
  -Wdouble-promotion
  -Wformat=2
  -Wundef
  -Wno-missing-field-initializers # Options{.trials = 10} is meant to leave the rest at their defaults
)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wduplicated-cond -Wlogical-op)
  # GCC 12 reports "literal" + std::string as an overlapping copy (GCC bug 105651).
  add_compile_options(-Wno-restrict)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # Loops over lanes compare with & on purpose: both sides are worked out, and there is no branch.
  add_compile_options(-Wno-bitwise-instead-of-logical)
endif()
if(CHANNELCAST_WERROR)
  add_compile_options(-Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # These come from the optimiser's guesses about inlined library code: shown, but no reason to stop.
    add_compile_options(
      -Wno-error=array-bounds
      -Wno-error=maybe-uninitialized
      -Wno-error=stringop-overflow
      -Wno-error=stringop-overread
      -Wno-error=free-nonheap-object)
  endif()
endif()

if(CHANNELCAST_ASSERTIONS OR CMAKE_BUILD_TYPE STREQUAL "Debug")
  add_compile_options(-UNDEBUG)
  add_compile_definitions(CHANNELCAST_ASSERTIONS=1 _GLIBCXX_ASSERTIONS=1)
endif()

if(CHANNELCAST_SANITIZE)
  add_compile_options(-fsanitize=${CHANNELCAST_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${CHANNELCAST_SANITIZE})
endif()

if(CHANNELCAST_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(CHANNELCAST_CCACHE_PROGRAM ccache)
  mark_as_advanced(CHANNELCAST_CCACHE_PROGRAM)
  if(CHANNELCAST_CCACHE_PROGRAM)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CHANNELCAST_CCACHE_PROGRAM})
  endif()
endif()
