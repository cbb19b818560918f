#include "vm/jit/compiler/pipeline.hpp"

#include <mutex>

#include <llvm/IR/LegacyPassManager.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/TargetParser/Host.h>

namespace interlock::vm::jit {
namespace {

constexpr const char* all_passes =
    "function(simplifycfg,sroa,early-cse,jump-threading,correlated-propagation,simplifycfg,"
    "instcombine<no-verify-fixpoint>,loop-mssa(licm,loop-rotate,licm),simplifycfg,instcombine<no-verify-fixpoint>,sroa,"
    "early-cse,sccp,instcombine<no-verify-fixpoint>,adce,dse,simplifycfg)";
constexpr const char* few_passes = "function(simplifycfg,sroa,early-cse,simplifycfg)";

// It asks of each loop which conditions hold on every way to it: some hundred branches one after the other take minutes.
// Nothing but this option keeps it out of the code generator.
void forgo_loop_strength_reduction() {
    llvm::StringMap<llvm::cl::Option*>& options = llvm::cl::getRegisteredOptions();
    if (const auto found = options.find("disable-lsr"); found != options.end())
        static_cast<llvm::cl::opt<bool>*>(found->second)->setValue(true);
}

std::unique_ptr<llvm::TargetMachine> make_target() {
    static std::once_flag once;
    std::call_once(once, [] {
        llvm::InitializeNativeTarget();
        llvm::InitializeNativeTargetAsmPrinter();
        forgo_loop_strength_reduction();
    });
    const std::string triple = llvm::sys::getDefaultTargetTriple();
    std::string error;
    const llvm::Target* const target = llvm::TargetRegistry::lookupTarget(triple, error);
    if (target == nullptr) return nullptr;
    return std::unique_ptr<llvm::TargetMachine>(
        target->createTargetMachine(triple, llvm::sys::getHostCPUName(), host_features(), llvm::TargetOptions(),
                                    llvm::Reloc::PIC_, llvm::CodeModel::Small, llvm::CodeGenOptLevel::Less, true));
}

}  // namespace

// AVX-512 gives such code nothing, and a pass for its mask registers takes the square of the time of all others.
std::string host_features() {
    std::string features;
    for (const auto& feature : llvm::sys::getHostCPUFeatures())
        features += (feature.second && !feature.first().starts_with("avx512") ? "+" : "-") + feature.first().str() + ",";
    return features;
}

PassList::PassList(llvm::TargetMachine& target, const char* passes) : builder_(&target) {
    builder_.registerModuleAnalyses(modules_);
    builder_.registerCGSCCAnalyses(components_);
    builder_.registerFunctionAnalyses(functions_);
    builder_.registerLoopAnalyses(loops_);
    builder_.crossRegisterProxies(loops_, functions_, components_, modules_);
    llvm::cantFail(builder_.parsePassPipeline(passes_, passes));
}

void PassList::run(llvm::Module& module) {
    passes_.run(module, modules_);
    modules_.clear();  // what was learned of one module must not be taken for another's
    components_.clear();
    functions_.clear();
    loops_.clear();
}

Pipeline* Pipeline::of_this_thread() {
    static thread_local const std::unique_ptr<Pipeline> pipeline = [] {
        std::unique_ptr<llvm::TargetMachine> target = make_target();
        return target == nullptr ? nullptr : std::make_unique<Pipeline>(std::move(target));
    }();
    return pipeline.get();
}

Pipeline::Pipeline(std::unique_ptr<llvm::TargetMachine> target)
    : target_(std::move(target)), all_(*target_, all_passes), few_(*target_, few_passes) {}

void Pipeline::prepare(llvm::Module& module) const {
    module.setDataLayout(target_->createDataLayout());
    module.setTargetTriple(target_->getTargetTriple().str());
}

llvm::SmallVector<char, 0> Pipeline::assemble(llvm::Module& module, bool little_effort) {
    target_->setOptLevel(little_effort ? llvm::CodeGenOptLevel::None : llvm::CodeGenOptLevel::Less);
    llvm::SmallVector<char, 0> object;
    llvm::raw_svector_ostream stream(object);
    llvm::legacy::PassManager manager;
    if (target_->addPassesToEmitFile(manager, stream, nullptr, llvm::CodeGenFileType::ObjectFile)) return {};
    manager.run(module);
    return object;
}

}  // namespace interlock::vm::jit
