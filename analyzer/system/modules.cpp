// Modules: a router (EIP-2535, or a hub of its own making) keeps, for each selector, the contract that it delegates to, and
// its owner puts modules there: all functions of one at once, or one after the other.
#include <algorithm>

#include "analyzer/system/draft.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;
using Kind = abi::DataType::Kind;

namespace {

bool is_selector(const abi::DataType& type) {
    return type.kind == Kind::Word && type.value.kind == ir::TypeKind::FixedBytes && type.value.bits == 32;
}

bool is_address(const abi::DataType& type) { return type.kind == Kind::Word && type.value.kind == ir::TypeKind::Address; }

bool mentions(const abi::DataType& type, bool (*is_wanted)(const abi::DataType&)) {
    return is_wanted(type) ||
           std::ranges::any_of(type.parts, [&](const abi::DataType& part) { return mentions(part, is_wanted); });
}

std::vector<std::uint32_t> selectors_of(const ir::Contract& contract) {
    std::vector<std::uint32_t> selectors;
    for (const ir::Function& function : contract.functions)
        if (function.is_entry && function.kind == ir::FunctionKind::Ordinary) selectors.push_back(function.selector);
    return selectors;
}

// Writes the arguments of a call that installs some selectors of a module: the first address is the module's, the rest plain.
class Installation {
  public:
    Installation(Draft& draft, const Address& module, std::vector<std::uint32_t> selectors)
        : draft_(draft), module_(module), selectors_(std::move(selectors)) {}

    std::vector<abi::Data> arguments(const std::vector<abi::DataType>& types) {
        std::vector<abi::Data> values;
        for (const abi::DataType& type : types) values.push_back(value_of(type));
        return values;
    }

  private:
    abi::Data value_of(const abi::DataType& type) {
        std::vector<abi::Data> list;
        switch (type.kind) {
            case Kind::Word:
                if (is_selector(type)) return abi::Data{word_of(selectors_.front())};
                if (is_address(type)) return abi::Data{std::exchange(is_named_, true) ? Address{} : module_};
                return abi::Data{Word{}};  // to add is the first of what can be done
            case Kind::Bytes: return abi::Data{Bytes{}};
            case Kind::Struct:
                for (const abi::DataType& part : type.parts) list.push_back(value_of(part));
                return abi::Data{std::move(list)};
            case Kind::Array:
                if (is_selector(type.parts.front()))
                    for (const std::uint32_t selector : selectors_) list.emplace_back(word_of(selector));
                else if (mentions(type.parts.front(), is_selector)) list.push_back(value_of(type.parts.front()));
                return abi::Data{std::move(list)};
            case Kind::FixedArray: return draft_.plain_value(type, 0);
        }
        return abi::Data{Word{}};
    }

    static Word word_of(std::uint32_t selector) { return Word{selector} << 224u; }

    Draft& draft_;
    const Address module_;
    const std::vector<std::uint32_t> selectors_;
    bool is_named_ = false;
};

// Whether a call of it can say which selectors a module has.
bool may_install(const ir::Function& function, const std::vector<abi::DataType>& types) {
    const auto mention = [&](bool (*is_wanted)(const abi::DataType&)) {
        return std::ranges::any_of(types, [&](const abi::DataType& type) { return mentions(type, is_wanted); });
    };
    return function.is_entry && function.kind == ir::FunctionKind::Ordinary &&
           function.mutability == ir::Mutability::NonPayable && mention(is_selector) && mention(is_address);
}

// Has the owner install the module's functions. Returns whether the router delegates all of them to it then.
bool installs(Draft& draft, const DeployedContract& router, const DeployedContract& module, const ir::Function& function,
              const std::vector<abi::DataType>& types) {
    std::vector<std::uint32_t> selectors = selectors_of(module.ir());
    const std::vector<std::uint32_t> own = selectors_of(router.ir());
    std::erase_if(selectors, [&](std::uint32_t selector) { return std::ranges::count(own, selector) != 0; });
    const bool takes_list = std::ranges::none_of(types, is_selector);
    std::vector<std::vector<std::uint32_t>> turns;
    if (takes_list) turns.push_back(selectors);
    else
        for (const std::uint32_t selector : selectors) turns.push_back({selector});
    if (selectors.empty()) return false;
    World after = draft.world;
    std::vector<SetupStep> steps;
    for (std::vector<std::uint32_t>& some : turns) {
        const std::vector<abi::Data> arguments = Installation(draft, module.address, std::move(some)).arguments(types);
        steps.push_back({draft.world.owner().name,
                         {},
                         false,
                         router.name,
                         {},
                         abi::call_data(function.selector, abi::encode(types, arguments))});
        if (draft.deadline.has_passed() || !after.perform(steps.back()).empty()) return false;
    }
    for (const std::uint32_t selector : selectors)
        if (code_asked_for(after, router.address, selector) != module.address) return false;
    return std::ranges::all_of(steps, [&](const SetupStep& step) { return draft.attempt(step); });
}

}  // namespace

void install_modules(Draft& draft) {
    const std::size_t count = draft.world.contracts().size();
    for (std::size_t i = 0; i < count; ++i) {
        const DeployedContract router = draft.world.contracts()[i];
        if (!draft.world.artifact_of(router) || !delegates_unknown_calls(router.ir()) ||
            code_asked_for(draft.world, router.address, nobodys_selector))
            continue;
        for (const ir::Function& function : router.ir().functions) {
            const auto types = abi::data_types(function.parameters);
            if (!types || !may_install(function, *types)) continue;
            for (std::size_t j = 0; j < count; ++j)
                if (const DeployedContract module = draft.world.contracts()[j];
                    i != j && draft.world.artifact_of(module) &&
                    !routes_to(draft.world, router.address, module.ir(), module.address))
                    (void)installs(draft, router, module, function, *types);
        }
    }
}

}  // namespace interlock::analyzer
