# How the folders of the project become targets. New files are picked up by the next build: no list to edit.

# Files below the current source folder that match the patterns, without editors' hidden files.
function(channelcast_glob result)
  list(TRANSFORM ARGN PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
  file(GLOB_RECURSE found CONFIGURE_DEPENDS ${ARGN})
  list(FILTER found EXCLUDE REGEX "/\\.[^/]*$")
  list(SORT found)
  set(${result} "${found}" PARENT_SCOPE)
endfunction()

# channelcast_library(NAME name SOURCES file… LINK target…): the static library channelcast_<name>, also
# known as channelcast::<name>. Includes are written from the project's root. Without sources it is an
# interface library, so that what links it need not care.
function(channelcast_library)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME" "SOURCES;LINK")
  set(target channelcast_${arg_NAME})
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    set(scope PUBLIC)
  else()
    message(STATUS "${arg_NAME}: no sources yet")
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(channelcast::${arg_NAME} ALIAS ${target})
  target_include_directories(${target} ${scope} ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target} ${scope} ${arg_LINK})
endfunction()

# The target headers_compile_alone: every header in the named folders of the project is compiled as the only
# include of a source file (twice, for its include guard). Headers named *-inl.hpp are parts of others.
function(channelcast_check_headers)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FOLDERS;LINK")
  set(sources)
  foreach(folder IN LISTS arg_FOLDERS)
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/${folder}/*.hpp)
    list(FILTER headers EXCLUDE REGEX "(-inl\\.hpp|/\\.[^/]*)$")
    foreach(header IN LISTS headers)
      set(source ${PROJECT_BINARY_DIR}/headers_compile_alone/${header}.cpp)
      file(CONFIGURE OUTPUT ${source} CONTENT "#include \"@header@\"\n#include \"@header@\"\n" @ONLY)
      list(APPEND sources ${source})
    endforeach()
  endforeach()
  if(NOT sources)
    return()
  endif()
  add_library(headers_compile_alone OBJECT ${sources})
  target_link_libraries(headers_compile_alone PRIVATE ${arg_LINK})
  target_include_directories(headers_compile_alone PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(headers_compile_alone PRIVATE -O0 -g0)
  set_target_properties(headers_compile_alone PROPERTIES EXPORT_COMPILE_COMMANDS OFF)
endfunction()
