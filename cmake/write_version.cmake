# Run at build time: writes OUTPUT from TEMPLATE with VERSION and the git revision of SOURCE_DIR, and leaves
# the file alone if nothing changed. "unknown" where SOURCE_DIR is not the root of a git checkout.
set(REVISION "unknown")
find_program(GIT git)
if(GIT)
  # Reading the state of the checkout must not take its lock from a git that runs at the same time.
  set(ENV{GIT_OPTIONAL_LOCKS} 0)
  execute_process(
    COMMAND ${GIT} -C ${SOURCE_DIR} rev-parse --show-prefix
    OUTPUT_VARIABLE prefix
    RESULT_VARIABLE failed
    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT failed AND prefix STREQUAL "") # a folder inside of some other checkout has a prefix
    execute_process(
      COMMAND ${GIT} -C ${SOURCE_DIR} describe --always --dirty --abbrev=12 --exclude=*
      OUTPUT_VARIABLE described
      RESULT_VARIABLE failed
      OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(NOT failed AND described)
      set(REVISION "${described}")
    endif()
  endif()
endif()
configure_file(${TEMPLATE} ${OUTPUT} @ONLY)
