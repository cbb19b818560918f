#include "lang/joint_compilation.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

#include "lang/codegen/parallel.hpp"
#include "lang/diagnostics/codes.hpp"
#include "lang/loading/load.hpp"
#include "lang/lower/lower.hpp"
#include "lang/optimize/optimize.hpp"
#include "lang/scenario.hpp"

namespace interlock::lang {

namespace {

// Verifies that the lowered IR obeys the rules on which its readers rely. If it does not, nothing is returned, so no
// verdict is based on wrong IR.
void verify(const ir::Contract& contract, Diagnostics& diagnostics) {
    for (const std::string& violation : ir::verify(contract))
        diagnostics.error(code::internal_error.id, "a fault of the compiler itself: " + violation, contract.range);
}

// Gives contracts the identities that they have among a part of the contracts of the compilation.
class Identities {
  public:
    explicit Identities(const std::vector<const ir::Contract*>& contracts) {
        std::map<std::string_view, std::size_t> count;
        for (const ir::Contract* each : contracts) ++count[each->name];
        for (const ir::Contract* each : contracts)
            if (each->identity != each->name && count[each->name] == 1) shorter_[each->identity] = each->name;
    }

    [[nodiscard]] std::shared_ptr<const ir::Contract> given_to(const std::shared_ptr<const ir::Contract>& contract) const {
        const auto changes = [&](const std::string& identity) { return shorter_.contains(identity); };
        if (!changes(contract->identity) && std::ranges::none_of(contract->creates, changes)) return contract;
        auto renamed = std::make_shared<ir::Contract>(*contract);
        rename(renamed->identity);
        for (std::string& each : renamed->creates) rename(each);
        return renamed;
    }

  private:
    void rename(std::string& identity) const {
        const auto found = shorter_.find(identity);
        if (found != shorter_.end()) identity = found->second;
    }

    std::map<std::string, std::string> shorter_;
};

// Adds a library after those that it calls.
void add_library(const Artifact& library, const std::vector<Artifact>& all, std::set<std::string>& added,
                 std::vector<Artifact>& artifacts) {
    if (!added.insert(library.ir->qualified_name).second) return;
    for (const LinkReference& link : library.creation_links)
        for (const Artifact& each : all)
            if (each.ir->qualified_name == link.library) add_library(each, all, added, artifacts);
    artifacts.push_back(library);
}

std::vector<Artifact> libraries_first(std::vector<Artifact> all) {
    std::vector<Artifact> artifacts;
    std::set<std::string> added;
    for (const Artifact& each : all)
        if (each.ir->is_library) add_library(each, all, added, artifacts);
    for (Artifact& each : all)
        if (!each.ir->is_library) artifacts.push_back(std::move(each));
    return artifacts;
}

}  // namespace

namespace {

// Whether ether comes in, and nothing says where it may: `payable` came with 0.4.
bool takes_ether_unsaid(const Tree& tree) {
    const auto is_said = [](const Function& each) { return each.mutability == Mutability::Payable; };
    const auto is_used = [&](const Expr& each) {
        return each.kind == ExprKind::Member && each.text == "value" && tree[each.a].kind == ExprKind::Name &&
               tree[each.a].text == "msg";
    };
    return std::ranges::none_of(tree.functions, is_said) && std::ranges::any_of(tree.exprs, is_used);
}

}  // namespace

// Reports an exception as a fault of the compiler itself.
template <class Work>
void JointCompilation::guarded(Work work, Diagnostics& diagnostics, SourceRange place) {
    try {
        work();
    } catch (const std::bad_alloc&) {
        throw;  // the machine failed, not the compiler
    } catch (const std::exception& fault) {
        const std::uint32_t start = sources_->file_of(place).start;
        diagnostics.error(code::internal_error.id, fmt::format("a fault of the compiler itself: {}", fault.what()),
                          {start, start});
    }
}

JointCompilation::JointCompilation(const std::vector<const RootFile*>& roots, const ImportOptions& imports)
    : roots_(roots.size()), imports_(imports) {
    load_and_check(roots, Levels::all());
    const bool is_complete =
        !diagnostics_.has_errors_of(code::import_not_found.id) && !diagnostics_.has_errors_of(code::too_many_files.id);
    if (roots.size() == 1 && !is_checked() && is_complete) try_older(roots);
}

void JointCompilation::load_and_check(const std::vector<const RootFile*>& roots, Levels among) {
    sources_ = std::make_shared<Sources>();
    diagnostics_ = Diagnostics(roots.size());
    std::vector<const SourceFile*> files;
    for (const RootFile* root : roots) files.push_back(&sources_->add(root->path, root->text));
    guarded(
        [&] {
            tree_ = load(files, *sources_, diagnostics_, imports_, among);
            if (diagnostics_.has_errors_of(code::import_not_found.id)) return;  // most other errors would follow from it
            // Reports more errors in the files that could be read.
            program_ = check(tree_, *sources_, diagnostics_);
        },
        diagnostics_, {});
}

// Pragmas are often generous, and old files have none: what the newest compiler of all that they allow refuses is read as the
// newest one that accepts it, and that lets in the ether that the file expects.
void JointCompilation::try_older(const std::vector<const RootFile*>& roots) {
    Levels levels = levels_of(tree_);
    if (!levels.newest()) return;
    const auto series = [](Level level) { return fmt::format("0.{}", 3 + static_cast<unsigned>(level)); };
    const std::string refusing = series(*levels.newest());
    const bool may_be_first = levels.includes(Level::V03);
    std::optional<Levels> accepted;
    for (levels = levels.before(*levels.newest()); levels.newest(); levels = levels.before(*levels.newest())) {
        load_and_check(roots, levels);
        if (!is_checked()) continue;
        const bool expects_more = may_be_first && *levels.newest() != Level::V03 && takes_ether_unsaid(tree_);
        if (!expects_more || !accepted) accepted = levels;
        if (!expects_more) break;
    }
    load_and_check(roots, accepted.value_or(Levels::all()));
    if (!accepted) return;
    const std::string accepting = older_series_ = series(*levels_of(tree_).newest());
    const Unit& unit = tree_.units.at(1);
    diagnostics_
        .warning(code::older_version.id, fmt::format("Solidity {} refuses this file: read as {}", refusing, accepting),
                 unit.pragmas.empty() ? SourceRange{unit.range.begin, unit.range.begin} : unit.pragmas.front().range)
        .helps.push_back(fmt::format("write `pragma solidity ^{}.0;`", accepting));
}

void JointCompilation::generate(CodeOptions options, unsigned jobs) {
    runs_ = options.runs;
    if (!is_checked()) return;
    guarded([&] { make_contracts(options, jobs); }, diagnostics_, {});
    if (roots_ == 1 && is_checked()) guarded([&] { compile_scenarios(); }, scenario_diagnostics_, {});
}

void JointCompilation::make_contracts(CodeOptions options, unsigned jobs) {
    const std::vector<ContractId>& ids = tree_.top_contracts;
    contracts_.resize(ids.size());
    std::vector<std::shared_ptr<const ir::Contract>> lowered(ids.size());
    std::vector<ir::Contract> optimized(ids.size());
    in_parallel(ids.size(), jobs, [&](std::size_t i) {
        Made& made = contracts_[i];
        made.id = ids[i];
        const auto work = [&] {
            made.lowered = lower(program_, ids[i], made.unsupported);
            if (made.unsupported.has_errors()) return;
            verify(*made.lowered, made.faults);
            if (made.faults.has_errors()) return;
            optimized[i] = optimize::optimize(*made.lowered);
            lowered[i] = made.lowered;
            made.whole = lower_with_libraries(program_, ids[i], *made.lowered);
        };
        guarded(work, made.faults, tree_[ids[i]].range);
    });
    const bool all_failed = std::ranges::all_of(lowered, [](const auto& each) { return each == nullptr; });
    if (all_failed || (roots_ == 1 && std::ranges::find(lowered, nullptr) != lowered.end())) return;
    std::vector<Generated> generated = generate_all(lowered, optimized, options, jobs);
    for (std::size_t i = 0; i < ids.size(); ++i) contracts_[i].generated = std::move(generated[i]);
}

void JointCompilation::compile_scenarios() {
    const auto has_code = [](const Made& each) { return each.generated.artifact || each.lowered->is_interface; };
    for (const Made& each : contracts_)
        if (each.unsupported.has_errors() || each.faults.has_errors() || !has_code(each)) return;
    Diagnostics& diagnostics = scenario_diagnostics_;
    for (const ScenarioId id : tree_.top_scenarios) {
        std::optional<LoweredScenario> lowered = lower_scenario(program_, id, diagnostics);
        if (!lowered) return;
        verify(*lowered->questions, diagnostics);
        if (diagnostics.has_errors()) return;
        auto generated = lang::generate(lowered->questions, optimize::optimize(*lowered->questions), {});
        if (const auto* refusal = std::get_if<Diagnostic>(&generated)) {
            diagnostics.error(refusal->code, refusal->message, lowered->range) = *refusal;
            return;
        }
        scenarios_.push_back(std::make_shared<const CompiledScenario>(
            CompiledScenario{std::move(*lowered), std::move(std::get<Artifact>(generated))}));
    }
}

std::vector<UnitId> JointCompilation::units_of(std::size_t root) const {
    const UnitId unit{static_cast<std::uint32_t>(root + 1)};
    return unit.index < tree_.units.size() ? reached_from(tree_, unit) : std::vector<UnitId>{unit};
}

UnitId JointCompilation::unit_of(SourceRange range) const {
    return UnitId{static_cast<std::uint32_t>(sources_->number_of(range) + 1)};
}

bool JointCompilation::wants_to_be_alone(std::size_t root) const {
    if (roots_ == 1) return false;
    const std::vector<UnitId> units = units_of(root);
    const auto is_reached = [&](SourceRange range) { return std::ranges::find(units, unit_of(range)) != units.end(); };
    const auto is_error_here = [&](const Diagnostic& each) {
        return each.severity == Severity::Error && is_reached(each.primary.range);
    };
    const auto is_older = [&](UnitId unit) { return unit.index < tree_.units.size() && tree_[unit].dialect != Dialect{}; };
    return std::ranges::any_of(diagnostics_.all(), is_error_here) || std::ranges::any_of(units, is_older) ||
           std::ranges::any_of(tree_.top_scenarios, [&](ScenarioId id) { return is_reached(tree_[id].range); });
}

bool JointCompilation::has_too_many_files() const { return diagnostics_.has_errors_of(code::too_many_files.id); }

std::vector<const JointCompilation::Made*> JointCompilation::made_of(const std::vector<UnitId>& units) const {
    std::vector<std::vector<const Made*>> by_unit(tree_.units.size());
    for (const Made& each : contracts_) by_unit[tree_[each.id].unit.index].push_back(&each);
    std::vector<const Made*> made;
    for (const UnitId unit : units)
        if (unit.index < by_unit.size()) std::ranges::copy(by_unit[unit.index], std::back_inserter(made));
    return made;
}

// Reports what the first step with errors reports, as the steps after it did not happen.
Diagnostics JointCompilation::diagnostics_of(std::size_t root) const {
    const std::vector<UnitId> units = units_of(root);
    const std::vector<const Made*> made = made_of(units);
    Diagnostics found;
    if (roots_ == 1) {
        found = diagnostics_;
    } else {
        for (const Diagnostic& each : diagnostics_.all())
            if (std::ranges::find(units, unit_of(each.primary.range)) != units.end()) found.add(each);
    }
    const auto add = [&](const Diagnostics& more) {
        for (const Diagnostic& each : more.all()) found.add(each);
    };
    if (!found.has_errors())
        for (const Made* each : made) add(each->unsupported);
    if (!found.has_errors())
        for (const Made* each : made) add(each->faults);
    if (!found.has_errors())
        for (const Made* each : made)
            if (each->generated.told) found.add(*each->generated.told);
    if (!found.has_errors()) add(scenario_diagnostics_);
    found.sort_by_place(*sources_, file_numbers_of(units));
    return found;
}

std::vector<std::uint32_t> JointCompilation::file_numbers_of(const std::vector<UnitId>& units) const {
    std::vector<std::uint32_t> numbers(sources_->files().size(), std::numeric_limits<std::uint32_t>::max());
    for (std::size_t i = 0; i < units.size(); ++i) numbers[units[i].index - 1] = static_cast<std::uint32_t>(i);
    return numbers;
}

Compilation JointCompilation::compilation_of(std::size_t root) const {
    Compilation compilation;
    compilation.sources = sources_;
    compilation.remappings = imports_.remappings;
    compilation.include_paths = imports_.include_paths;
    const std::vector<UnitId> units = units_of(root);
    const std::vector<const Made*> made = made_of(units);
    compilation.file_numbers = file_numbers_of(units);
    compilation.diagnostics = diagnostics_of(root);
    compilation.older_series = older_series_;
    if (!compilation.ok()) return compilation;

    std::vector<const ir::Contract*> contracts;
    for (const Made* each : made) contracts.push_back(each->lowered.get());
    const Identities identities(contracts);
    std::vector<Artifact> artifacts;
    for (const Made* each : made) {
        auto contract = identities.given_to(each->lowered);
        if (each->generated.artifact) {
            Artifact& artifact = artifacts.emplace_back(*each->generated.artifact);
            artifact.identity = contract->identity;
            artifact.whole = each->whole ? identities.given_to(each->whole) : contract;
            artifact.ir = std::move(contract);
        } else {
            compilation.codeless.push_back(std::move(contract));
        }
    }
    compilation.artifacts = libraries_first(std::move(artifacts));
    compilation.scenarios = scenarios_;
    return compilation;
}

}  // namespace interlock::lang
