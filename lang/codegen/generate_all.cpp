// Each contract is generated after those that it creates. Contracts that wait for nothing are generated at the same time.
#include <algorithm>
#include <map>

#include "lang/codegen/generate.hpp"
#include "lang/codegen/parallel.hpp"

namespace interlock::lang {

namespace {

using Contracts = std::vector<std::shared_ptr<const ir::Contract>>;

class Generation {
  public:
    Generation(const Contracts& contracts, const std::vector<ir::Contract>& optimized, CodeOptions options)
        : contracts_(contracts),
          optimized_(optimized),
          options_(options),
          made_(contracts.size()),
          is_done_(contracts.size()) {
        for (std::size_t i = 0; i < contracts.size(); ++i)
            if (contracts[i] && !contracts[i]->is_interface) indices_.emplace(contracts[i]->identity, i);
    }

    [[nodiscard]] std::vector<Generated> run(unsigned jobs) {
        std::vector<std::size_t> open;
        for (const auto& [identity, index] : indices_) open.push_back(index);
        std::ranges::sort(open);
        while (!open.empty()) {
            const auto waiting =
                std::stable_partition(open.begin(), open.end(), [&](std::size_t each) { return is_ready(each); });
            // Contracts that create each other in a cycle have no code; the generator reports the missing one.
            const bool is_cycle = waiting == open.begin();
            const std::vector<std::size_t> ready(open.begin(), is_cycle ? open.end() : waiting);
            in_parallel(ready.size(), jobs, [&](std::size_t i) { make(ready[i]); });
            for (const std::size_t each : ready) is_done_[each] = true;
            open.erase(open.begin(), open.begin() + static_cast<std::ptrdiff_t>(ready.size()));
        }
        return std::move(made_);
    }

  private:
    [[nodiscard]] bool is_ready(std::size_t index) const {
        return std::ranges::all_of(contracts_[index]->creates, [&](const std::string& name) {
            const auto found = indices_.find(name);
            return found == indices_.end() || is_done_[found->second];
        });
    }

    void make(std::size_t index) {
        std::vector<Artifact> others;
        for (const std::string& name : contracts_[index]->creates) {
            const auto found = indices_.find(name);
            if (found != indices_.end() && is_done_[found->second] && made_[found->second].artifact)
                others.push_back(*made_[found->second].artifact);
        }
        auto generated = generate(contracts_[index], optimized_[index], others, options_);
        if (auto* artifact = std::get_if<Artifact>(&generated)) {
            if (options_.size == CodeSize::Deployable) made_[index].told = too_large_to_deploy(*artifact);
            made_[index].artifact = std::move(*artifact);
        } else {
            made_[index].told = std::move(std::get<Diagnostic>(generated));
        }
    }

    const Contracts& contracts_;
    const std::vector<ir::Contract>& optimized_;
    CodeOptions options_;
    std::map<std::string, std::size_t> indices_;  // by identity: the contracts that have code
    std::vector<Generated> made_;
    std::vector<bool> is_done_;
};

}  // namespace

std::vector<Generated> generate_all(const std::vector<std::shared_ptr<const ir::Contract>>& contracts,
                                    const std::vector<ir::Contract>& optimized, CodeOptions options, unsigned jobs) {
    return Generation(contracts, optimized, options).run(jobs);
}

}  // namespace interlock::lang
