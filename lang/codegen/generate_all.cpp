// Each contract is generated after those that it creates. The result is in source order.
#include <algorithm>
#include <optional>
#include <set>

#include "lang/codegen/generate.hpp"

namespace interlock::lang {

namespace {

using Contracts = std::vector<std::shared_ptr<const ir::Contract>>;

class Generation {
  public:
    Generation(const Contracts& contracts, const std::vector<ir::Contract>& optimized, Diagnostics& diagnostics,
               CodeSize size)
        : contracts_(contracts),
          optimized_(optimized),
          diagnostics_(diagnostics),
          size_(size),
          made_(contracts.size()),
          started_(contracts.size()) {}

    [[nodiscard]] std::vector<Artifact> run() {
        for (std::size_t i = 0; i < contracts_.size(); ++i) make(i);
        std::vector<Artifact> artifacts;
        for (const std::optional<Artifact>& each : made_)
            if (each && each->ir->is_library) add_library(*each, artifacts);
        for (std::optional<Artifact>& each : made_)
            if (each && !each->ir->is_library) artifacts.push_back(std::move(*each));
        return artifacts;
    }

  private:
    // Contracts that create each other in a cycle have no code; the generator reports the missing one.
    void make(std::size_t index) {
        const ir::Contract& contract = *contracts_[index];
        if (started_[index] || contract.is_interface) return;
        started_[index] = true;
        std::vector<Artifact> others;
        for (const std::string& name : contract.creates) {
            const std::size_t other = index_of(name);
            if (other == contracts_.size()) continue;
            make(other);
            if (made_[other]) others.push_back(*made_[other]);
        }
        auto generated = generate(contracts_[index], optimized_[index], others);
        if (auto* artifact = std::get_if<Artifact>(&generated)) {
            made_[index] = std::move(*artifact);
            const auto warning = size_ == CodeSize::Deployable ? too_large_to_deploy(*made_[index]) : std::nullopt;
            if (warning) diagnostics_.warning(warning->code, warning->message, warning->primary.range) = *warning;
            return;
        }
        Diagnostic& refusal = std::get<Diagnostic>(generated);
        diagnostics_.error(refusal.code, refusal.message, refusal.primary.range, refusal.primary.text) = refusal;
    }

    // Adds the libraries that this one calls first.
    void add_library(const Artifact& library, std::vector<Artifact>& artifacts) {
        if (!added_.insert(library.ir->qualified_name).second) return;
        for (const LinkReference& link : library.creation_links) {
            for (const std::optional<Artifact>& each : made_)
                if (each && each->ir->qualified_name == link.library) add_library(*each, artifacts);
        }
        artifacts.push_back(library);
    }

    [[nodiscard]] std::size_t index_of(const std::string& name) const {
        std::size_t index = 0;
        while (index < contracts_.size() && contracts_[index]->identity != name) ++index;
        return index;
    }

    const Contracts& contracts_;
    const std::vector<ir::Contract>& optimized_;
    Diagnostics& diagnostics_;
    CodeSize size_;
    std::vector<std::optional<Artifact>> made_;
    std::vector<bool> started_;
    std::set<std::string> added_;  // names of libraries
};

}  // namespace

std::vector<Artifact> generate_all(const std::vector<std::shared_ptr<const ir::Contract>>& contracts,
                                   const std::vector<ir::Contract>& optimized, Diagnostics& diagnostics, CodeSize size) {
    return Generation(contracts, optimized, diagnostics, size).run();
}

}  // namespace interlock::lang
