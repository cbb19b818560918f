#include "lang/codegen/older_forks.hpp"

#include <initializer_list>
#include <utility>

namespace interlock::lang::codegen {

namespace {

using enum vm::Opcode;
using vm::Fork;

class Rewriter {
  public:
    Rewriter(Assembly& assembly, Fork fork) : assembly_(assembly), fork_(fork) {}

    void run() {
        std::vector<Item> items;
        items.swap(assembly_.items);
        for (const Item& item : items) {
            assembly_.set_range(item.range);
            const bool is_known = item.kind != Item::Kind::Op || vm::info(item.op).exists_in(fork_);
            if (is_known && !(item.is(GAS) && fork_ < Fork::TangerineWhistle)) assembly_.items.push_back(item);
            else replace(item.op);
        }
        if (fork_ < Fork::Shanghai) assembly_.least_push_bytes = 1;
    }

  private:
    void ops(std::initializer_list<Opcode> list) {
        for (const Opcode op : list) assembly_.op(op);
    }
    void push(std::uint64_t number) { assembly_.push(Word{number}); }

    void replace(Opcode op) {
        switch (op) {
            case GAS: keep_some_gas(); return;
            case SHL: push(2), ops({EXP, MUL}); return;
            case SHR: push(2), ops({EXP, SWAP1, DIV}); return;
            case MCOPY: copy_memory(); return;
            case TLOAD: ops({SLOAD}); return;
            case TSTORE: ops({SSTORE}); return;
            case RETURNDATASIZE:
            case BASEFEE:
            case BLOBBASEFEE: push(0); return;
            case RETURNDATACOPY: ops({POP, POP, POP}); return;
            case STATICCALL: push(0), ops({SWAP2, SWAP1, CALL}); return;
            case SELFBALANCE: ops({ADDRESS, BALANCE}); return;
            case CHAINID: push(1); return;
            default: ops({INVALID}); return;  // also REVERT
        }
    }

    // The gas of a call is not capped yet: asking for all that there is fails. (EIP-150)
    void keep_some_gas() {
        constexpr std::uint64_t most_costs_of_a_call = 40'000;
        push(most_costs_of_a_call);
        ops({GAS, SUB});
    }

    // From [target, source, length], topmost first.
    void copy_memory() {
        constexpr std::uint64_t identity = 4;
        ops({DUP3, SWAP1, SWAP2});  // [source, length, target, length]
        push(0);
        push(identity);
        if (fork_ < Fork::TangerineWhistle) keep_some_gas();
        else ops({GAS});
        ops({CALL, POP});
    }

    Assembly& assembly_;
    const Fork fork_;
};

}  // namespace

void rewrite_for(Assembly& assembly, vm::Fork fork) {
    if (fork < vm::Fork::Cancun) Rewriter(assembly, fork).run();
}

}  // namespace interlock::lang::codegen
