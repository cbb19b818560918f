#include "analyzer/bytecode/assemble.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "analyzer/bytecode/abi_reader.hpp"
#include "analyzer/bytecode/deployability.hpp"
#include "analyzer/bytecode/interface.hpp"
#include "analyzer/bytecode/source_map_reader.hpp"
#include "analyzer/system/environment.hpp"
#include "lang/abi/data.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

// Functions whose names and types are known, by selector: those of token standards, and those of the ABIs that were given.
using Signatures = std::map<std::uint32_t, ir::Function>;

void add_signatures(const ir::Contract& contract, Signatures& signatures) {
    for (const ir::Function& function : contract.functions) {
        if (!function.is_entry || (function.kind != ir::FunctionKind::Ordinary && function.kind != ir::FunctionKind::Getter))
            continue;
        ir::Function head;
        head.name = function.name;
        head.selector = function.selector;
        head.mutability = function.mutability;
        head.parameters = function.parameters;
        head.returns = function.returns;
        head.is_entry = true;
        signatures.try_emplace(function.selector, std::move(head));
    }
}

std::string hex_of(std::uint32_t selector) {
    const auto bytes = vm::to_big_endian(vm::Word{selector});
    return vm::to_hex(vm::ByteView(bytes).last(4));
}

ir::NamedType parameter_of(const std::string& type) {
    ir::NamedType named;
    const auto known = abi::data_type(type);
    if (known->kind == abi::DataType::Kind::Array) {
        named.type = ir::data_type;
        named.data = type;
    } else {
        named.type = known->value;
    }
    return named;
}

ir::Function function_of(const ReadFunction& read, const Signatures& signatures) {
    ir::Function function;
    function.is_entry = true;
    function.selector = read.selector;
    if (const auto known = signatures.find(read.selector); known != signatures.end()) {
        function = known->second;
        if (function.mutability == ir::Mutability::View || function.mutability == ir::Mutability::Pure) return function;
    } else {
        function.name = hex_of(read.selector);
        for (const std::string& type : read.parameters) function.parameters.push_back(parameter_of(type));
    }
    function.mutability = read.changes_nothing ? ir::Mutability::View
                          : read.is_payable    ? ir::Mutability::Payable
                                               : ir::Mutability::NonPayable;
    return function;
}

ir::Function entry_without_name(ir::FunctionKind kind, bool is_payable) {
    ir::Function function;
    function.kind = kind;
    function.name = kind == ir::FunctionKind::Receive ? "receive" : "fallback";
    function.is_entry = true;
    function.mutability = is_payable ? ir::Mutability::Payable : ir::Mutability::NonPayable;
    return function;
}

// The interface of a contract whose ABI was not given.
ir::Contract read_contract(const TriedCode& tried, const ReadInterface& interface, const Signatures& signatures) {
    ir::Contract contract;
    for (const ReadFunction& each : interface.functions) contract.functions.push_back(function_of(each, signatures));
    if (interface.has_receive)
        contract.functions.push_back(entry_without_name(ir::FunctionKind::Receive, interface.is_payable));
    if (interface.has_fallback)
        contract.functions.push_back(entry_without_name(ir::FunctionKind::Fallback, interface.is_payable));
    if (tried.is_creation && (!tried.arguments.empty() || tried.is_payable)) {
        ir::Function constructor;
        constructor.kind = ir::FunctionKind::Constructor;
        constructor.name = "constructor";
        constructor.mutability = tried.is_payable ? ir::Mutability::Payable : ir::Mutability::NonPayable;
        for (const bool is_address : tried.arguments)
            constructor.parameters.push_back({"", is_address ? ir::address_type : ir::uint256_type});
        contract.constructor = static_cast<std::uint32_t>(contract.functions.size());
        contract.functions.push_back(std::move(constructor));
    }
    return contract;
}

// The functions of others that the code seems to call: it pushes their selectors.
std::vector<ir::Method> methods_of(const std::vector<vm::Word>& constants, const ir::Contract& contract,
                                   const Signatures& signatures) {
    std::vector<ir::Method> methods;
    for (const auto& [selector, function] : signatures) {
        const auto is_it = [&, selector = selector](const vm::Word& word) {
            return word == vm::Word{selector} || word == (vm::Word{selector} << 224u);
        };
        if (std::ranges::any_of(contract.functions, [&, selector = selector](const ir::Function& own) {
                return own.is_entry && own.selector == selector;
            }))
            continue;
        if (std::ranges::any_of(constants, is_it))
            methods.push_back({"", function.name, selector, function.mutability, function.parameters, function.returns});
    }
    return methods;
}

class Assembler {
  public:
    Assembler(std::vector<lang::Bytecode> bytecodes, std::shared_ptr<lang::Sources> sources, vm::Fork fork)
        : fork_(fork), has_own_sources_(sources == nullptr) {
        made_.sources = sources ? std::move(sources) : std::make_shared<lang::Sources>();
        made_.bytecodes = std::move(bytecodes);
    }

    std::variant<Assembly, std::string> run() {
        for (const lang::Artifact& artifact : environment().artifacts) add_signatures(*artifact.ir, signatures_);
        for (const lang::Bytecode& each : made_.bytecodes) {
            if (each.abi.empty()) {
                given_.emplace_back();
                continue;
            }
            auto read = read_abi(each.abi);
            if (const auto* why = std::get_if<std::string>(&read)) return "the ABI of " + each.name + " is no ABI: " + *why;
            given_.emplace_back(std::move(std::get<ir::Contract>(read)));
            add_signatures(*given_.back(), signatures_);
        }
        for (std::size_t i = 0; i < made_.bytecodes.size(); ++i)
            if (std::string why = add(i); !why.empty()) return why;
        for (std::uint32_t i = 0; i < made_.sources->files().size(); ++i) made_.file_numbers.push_back(i);
        assembly_.compilation = std::make_shared<const lang::Compilation>(std::move(made_));
        return std::move(assembly_);
    }

  private:
    std::string add(std::size_t index) {
        const lang::Bytecode& bytecode = made_.bytecodes[index];
        for (const lang::LinkReference& link : bytecode.links)
            if (std::size_t{link.offset} + vm::Address::size > bytecode.code.size())
                return "a library's place in " + bytecode.name + " is behind its code";
        const TriedCode tried = try_code(bytecode.code, fork_);
        lang::Artifact artifact;
        artifact.name = artifact.identity = bytecode.name;
        artifact.creation_code = tried.is_creation ? bytecode.code : creation_of(bytecode.code);
        artifact.runtime_code = tried.is_creation ? tried.runtime_code : bytecode.code;
        const bool is_known = !artifact.runtime_code.empty();
        if (!is_known && !given_[index])
            return "the interface of " + bytecode.name +
                   " cannot be read from its code, since its constructor fails: give its --abi";
        const ReadInterface interface = read_interface(artifact.runtime_code);
        ir::Contract contract = given_[index] ? *given_[index] : read_contract(tried, interface, signatures_);
        if (given_[index] && is_known) compare(bytecode, contract, interface);
        if (contract.functions.empty() && !given_[index])
            assembly_.warnings.push_back("no function was found in the code of " + bytecode.name + ": give its --abi");
        artifact.creation_links = bytecode.links;
        contract.is_library = bytecode.is_library;
        contract.name = contract.identity = bytecode.name;
        contract.is_opaque = true;
        const std::vector<vm::Word> constants = pushed_constants(artifact.runtime_code);
        contract.methods = methods_of(constants, contract, signatures_);
        if (has_own_sources_) made_.sources->add(bytecode.path, "");
        contract.range = range_of(bytecode);
        contract.qualified_name = bytecode.path + ":" + bytecode.name;
        if (!bytecode.source_map.empty())
            artifact.source_map = read_source_map(artifact.runtime_code, bytecode.source_map, *made_.sources);
        artifact.ir = std::make_shared<const ir::Contract>(std::move(contract));
        artifact.whole = artifact.ir;
        made_.artifacts.push_back(std::move(artifact));
        return {};
    }

    // Returns where the contract is declared, or the start of its file.
    lang::SourceRange range_of(const lang::Bytecode& bytecode) const {
        for (const lang::SourceFile& file : made_.sources->files()) {
            if (file.path != bytecode.path) continue;
            const std::string head = (bytecode.is_library ? "library " : "contract ") + bytecode.name;
            const std::size_t at = file.text.find(head);
            if (at == std::string::npos) return {file.start, file.start};
            const auto begin = file.start + static_cast<std::uint32_t>(at);
            return {begin, begin + static_cast<std::uint32_t>(head.size())};
        }
        return {};
    }

    // Notes what the ABI says and the code does not have, and completes what old ABIs do not say.
    void compare(const lang::Bytecode& bytecode, ir::Contract& contract, const ReadInterface& interface) {
        std::map<std::uint32_t, const ReadFunction*> known;
        for (const ReadFunction& each : interface.functions) known[each.selector] = &each;
        for (ir::Function& function : contract.functions) {
            if (!function.is_entry || function.kind != ir::FunctionKind::Ordinary) continue;
            const auto found = known.find(function.selector);
            if (found == known.end()) {
                if (!known.empty())
                    assembly_.warnings.push_back("the ABI of " + bytecode.name + " has " + function.signature() +
                                                 ", and its code has no such function");
                continue;
            }
            if (function.mutability == ir::Mutability::Payable && !found->second->is_payable)
                function.mutability = ir::Mutability::NonPayable;
        }
        if (known.empty() && !contract.functions.empty() && interface.has_fallback == false)
            assembly_.warnings.push_back("no function of its ABI was found in the code of " + bytecode.name);
    }

    const vm::Fork fork_;
    const bool has_own_sources_;
    lang::Compilation made_;
    Assembly assembly_;
    Signatures signatures_;
    std::vector<std::optional<ir::Contract>> given_;  // by their ABIs
};

}  // namespace

std::variant<Assembly, std::string> assemble(std::vector<lang::Bytecode> bytecodes, std::shared_ptr<lang::Sources> sources,
                                             vm::Fork fork) {
    return Assembler(std::move(bytecodes), std::move(sources), fork).run();
}

std::string contract_name_of(const std::string& path) {
    std::string name = std::filesystem::path(path).stem().string();
    for (const std::string_view suffix : {".bin", ".bin-runtime", "_sol", ".sol"})
        if (name.size() > suffix.size() && name.ends_with(suffix)) name.resize(name.size() - suffix.size());
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    for (char& c : name)
        if (!is_letter(c) && !(c >= '0' && c <= '9')) c = '_';
    if (name.empty() || !is_letter(name.front())) name.insert(0, "Contract");
    return name;
}

}  // namespace interlock::analyzer
