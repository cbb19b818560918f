// Generates a contract's two codes: the runtime code, and the creation code that contains it as data, runs the
// constructor, fills in the immutables and returns the runtime code.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "lang/codegen/dispatcher.hpp"
#include "lang/codegen/encode_constants.hpp"
#include "lang/codegen/free_pointer.hpp"
#include "lang/codegen/function.hpp"
#include "lang/codegen/generate.hpp"
#include "lang/codegen/merge_tails.hpp"
#include "lang/codegen/move_failures.hpp"
#include "lang/codegen/older_forks.hpp"
#include "lang/codegen/peephole.hpp"

namespace interlock::lang {

namespace codegen {
namespace {

using enum vm::Opcode;

// Returns the functions that internal calls from the given ones reach; they take their arguments on the stack.
std::set<std::uint32_t> internal_callees(const ir::Contract& contract, std::vector<std::uint32_t> from) {
    std::set<std::uint32_t> callees;
    while (!from.empty()) {
        const ir::Function& function = contract.functions[from.back()];
        from.pop_back();
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& i : block.instructions)
                if (i.op == ir::Op::InternalCall && callees.insert(i.callee).second) from.push_back(i.callee);
    }
    return callees;
}

// Emits an entry that is also called internally: it decodes, calls the internal function and encodes.
void emit_wrapper(Unit& unit, std::uint32_t index) {
    const ir::Function& function = unit.contract.functions[index];
    Emitter e(unit.assembly);
    const Label back = unit.assembly.new_label();
    e.push_label(back);
    decode_calldata(e, unit.routines, function.parameters, [](std::size_t) {});
    e.jump(unit.internal(index));
    e.mark(back);
    e.stack.clear();
    if (function.returns.empty()) return void(e.op(STOP));
    std::vector<Entry> results;
    for (std::size_t i = 0; i < function.returns.size(); ++i) {
        const Entry entry{Entry::Kind::Value, static_cast<std::uint32_t>(results.size())};
        e.stack.push_back(entry);
        results.push_back(entry);
    }
    constexpr std::size_t within_reach = 8;
    const std::uint64_t slots = results.size() > within_reach ? unit.reserve_memory(results.size()) : 0;
    e.set_materialize([&](Entry entry) { return e.push(slots + 32 * entry.index).op(MLOAD), true; });
    for (std::size_t n = results.size(); slots != 0 && n-- > 0;) e.push(slots + 32 * n).op(MSTORE);
    const MemoryAddress base = take_memory(e, 32 * results.size());
    encode_words(e, results, base);
    order_region(e, base);
    e.op(RETURN);
}

void emit_pending(Unit& unit) {
    while (!unit.pending.empty()) {
        const std::uint32_t function = unit.pending.back();
        unit.pending.pop_back();
        unit.assembly.mark(unit.internal(function));
        FunctionEmitter(unit, function, FunctionEmitter::Mode::Internal).emit();
    }
}

// The code that runs first is emitted last, when it is known how much memory the functions reserve.
template <class Emit>
void prepend(Assembly& assembly, Emit emit) {
    std::vector<Item> body;
    body.swap(assembly.items);
    emit();
    assembly.items.insert(assembly.items.end(), body.begin(), body.end());
}

Assembled finished(Assembly& assembly, const CostModel& cost, vm::Fork fork) {
    clean_up(assembly);
    if (move_failures(assembly)) clean_up(assembly);
    while (merge_tails(assembly)) clean_up(assembly);
    encode_constants(assembly, cost);
    rewrite_for(assembly, fork);
    return assemble(assembly);
}

// A library's functions that change state may run only for callers, never at the library's own address. (Solidity
// documentation, "Call Protection For Libraries".)
constexpr std::uint32_t own_address = 0;  // the only immutable of a library

void emit_call_protection(Unit& unit, const ir::Function& function) {
    const bool only_reads = function.mutability == ir::Mutability::View || function.mutability == ir::Mutability::Pure;
    if (only_reads) return;
    Emitter(unit.assembly).push_immutable(own_address).op(ADDRESS).op(EQ).jump_if(unit.routines.revert_empty());
}

Assembled generate_runtime(const ir::Contract& contract, const std::vector<Artifact>& others, std::uint64_t fixed_memory_end,
                           const CodeOptions& options) {
    Unit unit(contract, others, fixed_memory_end, false);
    Dispatcher dispatcher(unit);
    std::vector<std::uint32_t> entries;
    for (std::uint32_t f = 0; f < contract.functions.size(); ++f)
        if (contract.functions[f].is_entry && contract.functions[f].kind != ir::FunctionKind::Constructor)
            entries.push_back(f);
    const std::set<std::uint32_t> callees = internal_callees(contract, entries);
    for (const std::uint32_t f : entries) {
        unit.assembly.set_range(contract.functions[f].range);
        unit.assembly.mark(dispatcher.entry(f));
        if (contract.is_library) emit_call_protection(unit, contract.functions[f]);
        else if (dispatcher.checks_value(f)) Emitter(unit.assembly).op(CALLVALUE).jump_if(unit.routines.revert_empty());
        if (callees.contains(f)) emit_wrapper(unit, f);
        else FunctionEmitter(unit, f, FunctionEmitter::Mode::External).emit();
    }
    emit_pending(unit);
    prepend(unit.assembly, [&] { dispatcher.emit(); });
    unit.routines.emit_requested();
    const CostModel cost{.runs = options.runs};
    set_free_pointer(unit.assembly, dispatcher.entries(), unit.memory_top, cost);
    return finished(unit.assembly, cost, options.fork);
}

// By opcode: which operands say where an instruction writes to memory and how much; std::nullopt: it writes no memory.
struct Written {
    std::size_t address, bytes;
};
std::optional<Written> written_by(vm::Opcode opcode) {
    switch (opcode) {
        case CALLDATACOPY:
        case CODECOPY:
        case RETURNDATACOPY:
        case MCOPY: return Written{0, 2};
        case EXTCODECOPY: return Written{1, 3};
        default: return std::nullopt;
    }
}

std::size_t count_immutables(const ir::Contract& contract) {
    if (contract.is_library) return 1;
    return static_cast<std::size_t>(std::count_if(contract.state.begin(), contract.state.end(),
                                                  [](const ir::StateVariable& variable) { return variable.is_immutable; }));
}

// Returns the runtime code. Without immutables it may be written to address zero, since no memory is needed any more.
void emit_deployment(Unit& unit, const Assembled& runtime) {
    Emitter e(unit.assembly);
    const std::uint32_t segment = unit.assembly.add_data(runtime.code, runtime.links);
    e.mark(unit.deploy);
    if (runtime.immutables.empty()) {
        e.push(runtime.code.size()).dup(0).push_data(segment).push(0).op(CODECOPY);
        e.push(0).op(RETURN);
        return;
    }
    const Entry code = e.push(memory::free_pointer).op(MLOAD).name_top();
    e.push(runtime.code.size()).push_data(segment).copy(code).op(CODECOPY);
    for (const ImmutableReference& reference : runtime.immutables) {
        e.push(unit.immutables + 32 * reference.index).op(MLOAD);
        e.copy(code).push(reference.offset).op(ADD).op(MSTORE);
    }
    e.push(runtime.code.size()).swap(1).op(RETURN);
}

Assembled generate_creation(const ir::Contract& contract, const std::vector<Artifact>& others,
                            std::uint64_t fixed_memory_end, const Assembled& runtime, vm::Fork fork) {
    Unit unit(contract, others, fixed_memory_end, true);
    unit.immutables = unit.reserve_memory(count_immutables(contract));
    unit.deploy = unit.assembly.new_label();
    const bool has_constructor = contract.constructor != ir::Contract::none;
    if (has_constructor) FunctionEmitter(unit, contract.constructor, FunctionEmitter::Mode::Constructor).emit();
    emit_deployment(unit, runtime);
    emit_pending(unit);
    prepend(unit.assembly, [&] {
        Emitter e(unit.assembly);
        e.push(unit.memory_top).push(memory::free_pointer).op(MSTORE);
        if (contract.is_library) e.op(ADDRESS).push(unit.immutables + 32 * own_address).op(MSTORE);
        if (!has_constructor || contract.functions[contract.constructor].mutability != ir::Mutability::Payable)
            e.op(CALLVALUE).jump_if(unit.routines.revert_empty());
    });
    unit.routines.emit_requested();
    return finished(unit.assembly, {.runs = 1}, fork);
}

Diagnostic problem(const char* code, std::string message, SourceRange where) {
    Diagnostic diagnostic;
    diagnostic.code = code;
    diagnostic.message = std::move(message);
    diagnostic.primary = {where, {}};
    return diagnostic;
}

std::optional<Diagnostic> too_large(const ir::Contract& contract, const char* which, std::size_t bytes, std::size_t limit) {
    if (bytes <= limit) return std::nullopt;
    Diagnostic diagnostic = problem(code::contract_too_large.id,
                                    fmt::format("contract `{}` is too large to be deployed", contract.name), contract.range);
    diagnostic.primary.text = fmt::format("its {} code is {} bytes; the limit is {}", which, bytes, limit);
    diagnostic.severity = Severity::Warning;
    diagnostic.helps = {"split the contract in two, or shorten its messages"};
    return diagnostic;
}

}  // namespace

std::uint64_t end_of_fixed_memory(const ir::Contract& contract) {
    constexpr std::uint64_t farthest = 0x10000;  // writing beyond this costs more gas than any code can afford
    std::uint64_t end = memory::first_free;
    for (const ir::Function& function : contract.functions) {
        std::vector<std::optional<std::uint64_t>> constants(function.values);
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& i : block.instructions)
                if (i.op == ir::Op::Constant && i.word < Word(farthest)) constants[i.result.index] = i.word.low64();
        const auto constant = [&](const ir::Instruction& i, std::size_t operand) {
            return constants[i.operands[operand].index];
        };
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& i : block.instructions) {
                if (i.op != ir::Op::Evm) continue;
                if (i.opcode == MSTORE || i.opcode == MSTORE8) {
                    if (const auto address = constant(i, 0)) end = std::max(end, *address + 32);
                } else if (const auto written = written_by(i.opcode)) {
                    const auto address = constant(i, written->address), bytes = constant(i, written->bytes);
                    if (address && bytes) end = std::max(end, *address + *bytes);
                }
            }
    }
    return (end + 31) / 32 * 32;
}
}  // namespace codegen

std::variant<Artifact, Diagnostic> generate(std::shared_ptr<const ir::Contract> contract, const ir::Contract& optimized,
                                            const std::vector<Artifact>& others, CodeOptions options) {
    try {
        const std::uint64_t fixed_memory_end = codegen::end_of_fixed_memory(optimized);
        codegen::Assembled runtime = codegen::generate_runtime(optimized, others, fixed_memory_end, options);
        codegen::Assembled creation = codegen::generate_creation(optimized, others, fixed_memory_end, runtime, options.fork);
        Artifact artifact;
        artifact.name = contract->name;
        artifact.identity = contract->identity.empty() ? contract->name : contract->identity;
        artifact.creation_links = std::move(creation.links);
        artifact.runtime_links = std::move(runtime.links);
        artifact.creation_code = std::move(creation.code);
        artifact.runtime_code = std::move(runtime.code);
        artifact.immutables = std::move(runtime.immutables);
        artifact.source_map = std::move(runtime.source_map);
        artifact.creation_source_map = std::move(creation.source_map);
        artifact.whole = contract;
        artifact.ir = std::move(contract);
        return artifact;
    } catch (const codegen::OutOfReach&) {
        return codegen::problem(codegen::no_translation, "an expression with too many intermediate results",
                                contract->range);
    } catch (const codegen::Untranslatable& untranslatable) {
        return codegen::problem(untranslatable.code, untranslatable.what, untranslatable.range);
    }
}

std::optional<Diagnostic> too_large_to_deploy(const Artifact& artifact) {
    const auto beyond = [&](const char* which, std::size_t bytes, std::size_t limit) {
        return codegen::too_large(*artifact.ir, which, bytes, limit);
    };
    const auto runtime = beyond("runtime", artifact.runtime_code.size(), max_runtime_code_bytes);
    return runtime ? runtime : beyond("creation", artifact.creation_code.size(), max_creation_code_bytes);
}

}  // namespace interlock::lang
