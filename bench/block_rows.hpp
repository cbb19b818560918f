// Rows of chain_bench about blocks: the same block executed by one thread and by all, in turns.
#pragma once

#include <string>

// Checks that both executions come to the same root, receipts and gas, and prints how long they take. Throws
// std::runtime_error where they do not.
void print_block_rows(const std::string& filter, bool only_once);
