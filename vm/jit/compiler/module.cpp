// The module's one function: bytecode to IR, and how much effort that is worth.
#include <algorithm>
#include <cassert>

#include <llvm/ADT/DenseMap.h>
#include <llvm/Config/llvm-config.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/TargetParser/Host.h>

#include "vm/jit/compiler/interface.hpp"
#include "vm/jit/compiler/pipeline.hpp"
#include "vm/jit/compiler/place_builder.hpp"
#include "vm/jit/compiler/trace_builder.hpp"

namespace interlock::vm::jit {
namespace {

// What passes cost grows faster than what they are given. Beyond the first limits they are few, beyond the second there is
// no native code. They are as narrow as programs allow that are worth it: a BLAKE2b of 14,363 bytes becomes 4,239 blocks,
// another one 4,500. The worst code that we know of takes five seconds (docs/architecture.md).
constexpr std::size_t max_code_bytes = 24 << 10;
constexpr std::size_t max_optimised_blocks = 5'000, max_optimised_instructions = 60'000;
constexpr unsigned max_frame_bytes = 128 << 10;  // of the processor's stack: threads may have little of it
constexpr std::size_t max_blocks = 8'000, max_instructions = 160'000;
constexpr std::size_t max_allocated_weight = 50'000;  // after the passes; for more, registers are given out cheaply
constexpr std::size_t max_weight_of_traces = 100'000, max_reach_of_traces = 1'000'000;

// How much there is to generate: instructions, of which a multiplication becomes some forty of the processor's.
std::size_t weight_of(const llvm::Function& function) {
    std::size_t weight = 0;
    for (const llvm::BasicBlock& block : function)
        for (const llvm::Instruction& each : block) weight += each.getOpcode() == llvm::Instruction::Mul ? 30 : 1;
    return weight;
}

// How far values reach: over how many blocks each, in the order of the text, times its width in registers. For code that goes
// from its beginning to its end, giving out registers takes about so long.
std::size_t reach_of(const llvm::Function& function) {
    llvm::DenseMap<const llvm::BasicBlock*, std::size_t> numbers;
    for (const llvm::BasicBlock& block : function) numbers.try_emplace(&block, numbers.size());
    std::size_t reach = 0;
    for (const llvm::BasicBlock& block : function)
        for (const llvm::Instruction& each : block) {
            const std::size_t here = numbers.lookup(&block);
            std::size_t last = here;
            for (const llvm::User* const user : each.users())
                last = std::max(last, numbers.lookup(llvm::cast<llvm::Instruction>(user)->getParent()));
            const unsigned bits = each.getType()->isIntegerTy() ? each.getType()->getIntegerBitWidth() : 64;
            reach += (last - here) * ((bits + 63) / 64);
        }
    return reach;
}

// Places are faster where there are few, all jumps are known, and no function calls itself higher and higher.
bool suits_places(const Flow& flow) {
    return !flow.places.empty() && flow.places.size() < max_places &&
           std::ranges::all_of(flow.places, [](const auto& place) {
               return place.is_known && (place.runs || place.height < max_height / 2);
           });
}

int compile(const Code& code, Fork fork, Effort effort, Emit* emit, void* receiver) {
    if (code.size() > max_code_bytes) return 0;
    const Flow flow = find_flow(code, fork);
    Pipeline* const pipeline = Pipeline::of_this_thread();
    if (pipeline == nullptr) return 0;
    llvm::LLVMContext context;
    bool is_frame_too_large = false;
    context.setDiagnosticHandlerCallBack(
        [](const llvm::DiagnosticInfo* told, void* flag) {
            if (told->getKind() == llvm::DK_StackSize) *static_cast<bool*>(flag) = true;
        },
        &is_frame_too_large);
    llvm::Module module("evm", context);
    pipeline->prepare(module);
    const bool in_places = suits_places(flow);
    std::unique_ptr<FunctionBuilder> builder;
    if (in_places) builder = std::make_unique<PlaceBuilder>(module, code, fork, flow);
    else builder = std::make_unique<TraceBuilder>(module, code, fork);
    if (!builder->build(function_symbol)) return 0;
    assert(!llvm::verifyModule(module, &llvm::errs()));
    llvm::Function& function = *module.getFunction(function_symbol);
    function.addFnAttr("warn-stack-size", std::to_string(max_frame_bytes));
    const std::size_t blocks = function.size(), instructions = function.getInstructionCount();
    if (blocks > max_blocks || instructions > max_instructions) return 0;
    const bool is_wanted_cheaply = effort == Effort::Little;
    const bool is_large = blocks > max_optimised_blocks || instructions > max_optimised_instructions;
    if (is_large && !in_places) return 0;  // with little effort traces are slower than translated code
    if (!in_places && weight_of(function) > max_weight_of_traces) return 0;
    if (is_large || is_wanted_cheaply) pipeline->simplify(module);
    else pipeline->optimise(module);
    const bool is_heavy = is_large || weight_of(function) > max_allocated_weight;
    if (!in_places && (is_heavy || reach_of(function) > max_reach_of_traces)) return 0;
    const llvm::SmallVector<char, 0> object = pipeline->assemble(module, is_heavy || is_wanted_cheaply);
    if (object.empty() || is_frame_too_large) return 0;

    Head head;
    head.entries = static_cast<std::uint32_t>(builder->entries().size());
    head.object_bytes = static_cast<std::uint32_t>(object.size());
    emit(receiver, &head, sizeof head);
    for (const auto& place : builder->entries()) {
        const Entry entry{place.pc, place.height};
        emit(receiver, &entry, sizeof entry);
    }
    emit(receiver, object.data(), object.size());
    return 1;
}

}  // namespace
}  // namespace interlock::vm::jit

extern "C" [[gnu::visibility("default")]] int interlock_jit_compile(std::uint64_t agreed, const void* code,
                                                                    std::uint32_t fork, std::uint32_t effort,
                                                                    interlock::vm::jit::Emit* emit, void* receiver) {
    if (agreed != interlock::vm::jit::agreement()) return 0;
    return interlock::vm::jit::compile(*static_cast<const interlock::vm::Code*>(code), interlock::vm::Fork(fork),
                                       interlock::vm::jit::Effort(effort), emit, receiver);
}

extern "C" [[gnu::visibility("default")]] const char* interlock_jit_identify() {
    static const std::string identity =
        std::string(LLVM_VERSION_STRING " ") + llvm::sys::getHostCPUName().str() + " " + interlock::vm::jit::host_features();
    return identity.c_str();
}
