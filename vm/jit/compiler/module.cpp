// The module's one function: bytecode to IR, IR through LLVM's passes, and an object file.
//
// The passes are the short list that was measured to be worth it: value numbering across blocks costs as much as all of
// them and gives nothing for such code.
#include <algorithm>
#include <cassert>
#include <mutex>

#include <llvm/ADT/SmallVector.h>
#include <llvm/Config/llvm-config.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Verifier.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/TargetParser/Host.h>

#include "vm/jit/compiler/interface.hpp"
#include "vm/jit/compiler/place_builder.hpp"
#include "vm/jit/compiler/trace_builder.hpp"

namespace interlock::vm::jit {
namespace {

// What passes cost grows faster than what they are given. Beyond the first limits they are few, beyond the second there is
// no native code.
constexpr std::size_t max_code_bytes = 24 << 10;
constexpr std::size_t max_optimised_blocks = 5'000, max_optimised_instructions = 60'000;
constexpr unsigned max_frame_bytes = 128 << 10;  // of the processor's stack: threads may have little of it
constexpr std::size_t max_blocks = 8'000, max_instructions = 160'000;
constexpr std::size_t max_allocated_weight = 50'000;  // after the passes; for more, registers are given out cheaply

constexpr const char* all_passes =
    "function(simplifycfg,sroa,early-cse,jump-threading,correlated-propagation,simplifycfg,"
    "instcombine<no-verify-fixpoint>,loop-mssa(licm,loop-rotate,licm),simplifycfg,instcombine<no-verify-fixpoint>,sroa,"
    "early-cse,sccp,instcombine<no-verify-fixpoint>,adce,dse,simplifycfg)";
constexpr const char* few_passes = "function(simplifycfg,sroa,early-cse,simplifycfg)";

// AVX-512 gives such code nothing, and a pass for its mask registers takes the square of the time of all others.
std::string host_features() {
    std::string features;
    for (const auto& feature : llvm::sys::getHostCPUFeatures())
        features += (feature.second && !feature.first().starts_with("avx512") ? "+" : "-") + feature.first().str() + ",";
    return features;
}

std::unique_ptr<llvm::TargetMachine> make_target() {
    static std::once_flag once;
    std::call_once(once, [] {
        llvm::InitializeNativeTarget();
        llvm::InitializeNativeTargetAsmPrinter();
    });
    const std::string triple = llvm::sys::getDefaultTargetTriple();
    std::string error;
    const llvm::Target* const target = llvm::TargetRegistry::lookupTarget(triple, error);
    if (target == nullptr) return nullptr;
    return std::unique_ptr<llvm::TargetMachine>(
        target->createTargetMachine(triple, llvm::sys::getHostCPUName(), host_features(), llvm::TargetOptions(),
                                    llvm::Reloc::PIC_, llvm::CodeModel::Small, llvm::CodeGenOptLevel::Less, true));
}

void optimise(llvm::Module& module, llvm::TargetMachine& target, const char* passes) {
    llvm::LoopAnalysisManager loops;
    llvm::FunctionAnalysisManager functions;
    llvm::CGSCCAnalysisManager components;
    llvm::ModuleAnalysisManager modules;
    llvm::PassBuilder builder(&target);
    builder.registerModuleAnalyses(modules);
    builder.registerCGSCCAnalyses(components);
    builder.registerFunctionAnalyses(functions);
    builder.registerLoopAnalyses(loops);
    builder.crossRegisterProxies(loops, functions, components, modules);
    llvm::ModulePassManager manager;
    llvm::cantFail(builder.parsePassPipeline(manager, passes));
    manager.run(module, modules);
}

llvm::SmallVector<char, 0> assemble(llvm::Module& module, llvm::TargetMachine& target) {
    llvm::SmallVector<char, 0> object;
    llvm::raw_svector_ostream stream(object);
    llvm::legacy::PassManager manager;
    if (target.addPassesToEmitFile(manager, stream, nullptr, llvm::CodeGenFileType::ObjectFile)) return {};
    manager.run(module);
    return object;
}

// How much there is to generate: instructions, of which a multiplication becomes some forty of the processor's.
std::size_t weight_of(const llvm::Function& function) {
    std::size_t weight = 0;
    for (const llvm::BasicBlock& block : function)
        for (const llvm::Instruction& each : block) weight += each.getOpcode() == llvm::Instruction::Mul ? 30 : 1;
    return weight;
}

// Places are faster where there are few, all jumps are known, and no function calls itself higher and higher.
bool suits_places(const Flow& flow) {
    return !flow.places.empty() && flow.places.size() < max_places &&
           std::ranges::all_of(flow.places, [](const auto& place) {
               return place.is_known && (place.runs || place.height < max_height / 2);
           });
}

int compile(const Code& code, Fork fork, Emit* emit, void* receiver) {
    if (code.size() > max_code_bytes) return 0;
    const Flow flow = find_flow(code, fork);
    const std::unique_ptr<llvm::TargetMachine> target = make_target();
    if (target == nullptr) return 0;
    llvm::LLVMContext context;
    bool is_frame_too_large = false;
    context.setDiagnosticHandlerCallBack(
        [](const llvm::DiagnosticInfo* told, void* flag) {
            if (told->getKind() == llvm::DK_StackSize) *static_cast<bool*>(flag) = true;
        },
        &is_frame_too_large);
    llvm::Module module("evm", context);
    module.setDataLayout(target->createDataLayout());
    module.setTargetTriple(target->getTargetTriple().str());
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
    const bool is_large = blocks > max_optimised_blocks || instructions > max_optimised_instructions;
    if (is_large && !in_places) return 0;  // with little effort traces are slower than translated code
    optimise(module, *target, is_large ? few_passes : all_passes);
    const bool is_heavy = is_large || weight_of(function) > max_allocated_weight;
    if (is_heavy && !in_places) return 0;
    if (is_heavy) target->setOptLevel(llvm::CodeGenOptLevel::None);
    const llvm::SmallVector<char, 0> object = assemble(module, *target);
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
                                                                    std::uint32_t fork, interlock::vm::jit::Emit* emit,
                                                                    void* receiver) {
    if (agreed != interlock::vm::jit::agreement()) return 0;
    return interlock::vm::jit::compile(*static_cast<const interlock::vm::Code*>(code), interlock::vm::Fork(fork), emit,
                                       receiver);
}

extern "C" [[gnu::visibility("default")]] const char* interlock_jit_identify() {
    static const std::string identity =
        std::string(LLVM_VERSION_STRING " ") + llvm::sys::getHostCPUName().str() + " " + interlock::vm::jit::host_features();
    return identity.c_str();
}
