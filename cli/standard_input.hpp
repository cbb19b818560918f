// solc's standard JSON input: sources and settings in one document, the answer in another. (Solidity documentation, "Using
// the Compiler", "Input Description".)
#pragma once

#include <string>
#include <vector>

namespace interlock::cli {

// Compiles what the document describes and returns the output document, also for a document that is no such input: then
// with an error of type "JSONError" or "IOError". Files that it names but does not contain are read below the current folder and
// `include_paths` only.
[[nodiscard]] std::string answer_standard_input(const std::string& document, const std::vector<std::string>& include_paths,
                                                unsigned threads);

}  // namespace interlock::cli
