// Several files compiled as one program: each source is read, parsed and checked once, and each contract is lowered and
// generated once, on several threads.
//
// Every file gets what it gets alone: the contracts of the files that it reaches, in the order in which it reaches them,
// and only diagnostics of these files. This is possible because names, and with them everything that is made of a
// contract, come from the imports of the file that they stand in, never from the files around it. Scenarios are the
// exception, since they can use every contract of the compilation: they are compiled only for a file alone.
#pragma once

#include <memory>
#include <optional>

#include "lang/compile.hpp"
#include "lang/program/program.hpp"
#include "lang/syntax/tree.hpp"

namespace interlock::lang {

struct RootFile {  // a file to compile, as opposed to the files that it imports
    std::string path, text;
};

class JointCompilation {
  public:
    // Loads and checks the files. Their names (lang/loading/load.hpp) must differ.
    JointCompilation(const std::vector<const RootFile*>& roots, const ImportOptions& imports);

    // Makes the code of all contracts, unless there are errors.
    void generate(CodeOptions options, unsigned jobs);

    [[nodiscard]] std::size_t roots() const { return roots_; }
    [[nodiscard]] bool is_checked() const { return !diagnostics_.has_errors(); }
    // Whether the file fails or behaves in another way when it is compiled together with others.
    [[nodiscard]] bool wants_to_be_alone(std::size_t root) const;
    [[nodiscard]] bool has_too_many_files() const;

    // Returns a copy, with the shared sources.
    [[nodiscard]] Compilation compilation_of(std::size_t root) const;
    [[nodiscard]] Diagnostics diagnostics_of(std::size_t root) const;  // the same as there

    // --- for output about all files ---
    struct Made {
        ContractId id;
        std::shared_ptr<const ir::Contract> lowered;
        std::shared_ptr<const ir::Contract> whole;  // with the code of linked libraries; null: see lower_with_libraries
        Diagnostics unsupported, faults;            // of the lowering, and of the compiler itself
        Generated generated;
    };
    [[nodiscard]] const Sources& sources() const { return *sources_; }
    [[nodiscard]] const Tree& tree() const { return tree_; }
    [[nodiscard]] const Program& program() const { return program_; }                // complete if is_checked()
    [[nodiscard]] const std::vector<Made>& contracts() const { return contracts_; }  // parallel to Tree::top_contracts
    [[nodiscard]] const std::vector<Remapping>& remappings() const { return imports_.remappings; }
    [[nodiscard]] std::uint32_t runs() const { return runs_; }
    // Returns the files that a root reaches, itself first. The file of a unit has the number before the unit's.
    [[nodiscard]] std::vector<UnitId> units_of(std::size_t root) const;

  private:
    void load_and_check(const std::vector<const RootFile*>& roots, Levels among);
    void try_older(const std::vector<const RootFile*>& roots);
    template <class Work>
    void guarded(Work work, Diagnostics& diagnostics, SourceRange place);
    void make_contracts(CodeOptions options, unsigned jobs);
    void compile_scenarios();
    [[nodiscard]] std::vector<const Made*> made_of(const std::vector<UnitId>& units) const;
    [[nodiscard]] std::vector<std::uint32_t> file_numbers_of(const std::vector<UnitId>& units) const;
    [[nodiscard]] UnitId unit_of(SourceRange range) const;

    std::size_t roots_;
    ImportOptions imports_;
    std::string older_series_;
    std::uint32_t runs_ = usual_runs;
    std::shared_ptr<Sources> sources_ = std::make_shared<Sources>();
    Diagnostics diagnostics_;  // of loading and checking
    Tree tree_;
    Program program_;
    std::vector<Made> contracts_;
    Diagnostics scenario_diagnostics_;
    std::vector<std::shared_ptr<const CompiledScenario>> scenarios_;
};

}  // namespace interlock::lang
