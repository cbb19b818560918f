#include "analyzer/system/environment.hpp"

#include <algorithm>

#include "lang/abi/abi.hpp"

namespace interlock::analyzer {

namespace {

constexpr std::string_view source = R"ilk(contract Token {
    string public name = "Token";
    string public symbol = "TOK";
    uint8 public constant decimals = 18;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    mapping(address => bool) public isMinter;
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    constructor() {
        isMinter[msg.sender] = true;
        totalSupply = balanceOf[msg.sender] = 1000000 ether;
    }
    function allowMinting(address minter) external {
        require(isMinter[msg.sender], "not a minter");
        isMinter[minter] = true;
    }
    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }
    function transfer(address to, uint256 value) external returns (bool) {
        move(msg.sender, to, value);
        return true;
    }
    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        if (from != msg.sender && allowance[from][msg.sender] != type(uint256).max) allowance[from][msg.sender] -= value;
        move(from, to, value);
        return true;
    }
    function mint(address to, uint256 value) external {
        require(isMinter[msg.sender], "not a minter");
        totalSupply += value;
        balanceOf[to] += value;
        emit Transfer(address(0), to, value);
        received(address(0), to, value);
    }
    function burn(uint256 value) external { destroy(msg.sender, value); }
    function burn(address from, uint256 value) external {
        require(isMinter[msg.sender], "not a minter");
        destroy(from, value);
    }
    function burnFrom(address from, uint256 value) external {
        allowance[from][msg.sender] -= value;
        destroy(from, value);
    }
    function destroy(address from, uint256 value) internal {
        balanceOf[from] -= value;
        totalSupply -= value;
        emit Transfer(from, address(0), value);
    }
    function move(address from, address to, uint256 value) internal {
        sending(from, to, value);
        balanceOf[from] -= value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
        received(from, to, value);
    }
    function sending(address from, address to, uint256 value) internal virtual {}
    function received(address from, address to, uint256 value) internal virtual {}
}

contract HookToken is Token {
    mapping(address => bool) public isRegistered;

    mapping(address => mapping(address => bool)) public isOperatorFor;

    function register() external { isRegistered[msg.sender] = true; }
    function granularity() external pure returns (uint256) { return 1; }
    function authorizeOperator(address operator) external { isOperatorFor[operator][msg.sender] = true; }
    function revokeOperator(address operator) external { isOperatorFor[operator][msg.sender] = false; }
    function send(address to, uint256 value, bytes calldata) external { move(msg.sender, to, value); }
    function operatorSend(address from, address to, uint256 value, bytes calldata, bytes calldata) external {
        require(from == msg.sender || isOperatorFor[msg.sender][from], "not an operator");
        move(from, to, value);
    }
    function burn(uint256 value, bytes calldata) external {
        sending(msg.sender, address(0), value);
        destroy(msg.sender, value);
    }
    function sending(address from, address to, uint256 value) internal override {
        if (isRegistered[from])
            from.call(abi.encodeWithSignature("tokensToSend(address,address,address,uint256,bytes,bytes)", msg.sender, from, to, value, "", ""));
    }
    function received(address from, address to, uint256 value) internal override {
        if (isRegistered[to])
            to.call(abi.encodeWithSignature("tokensReceived(address,address,address,uint256,bytes,bytes)", msg.sender, from, to, value, "", ""));
    }
}

contract CallingToken is Token {
    function supportsInterface(bytes4) external pure returns (bool) { return true; }
    function transferAndCall(address to, uint256 value) external returns (bool) { return passAndCall(msg.sender, to, value, ""); }
    function transferAndCall(address to, uint256 value, bytes calldata data) external returns (bool) {
        return passAndCall(msg.sender, to, value, data);
    }
    function transferFromAndCall(address from, address to, uint256 value) external returns (bool) {
        if (allowance[from][msg.sender] != type(uint256).max) allowance[from][msg.sender] -= value;
        return passAndCall(from, to, value, "");
    }
    function transferFromAndCall(address from, address to, uint256 value, bytes calldata data) external returns (bool) {
        if (allowance[from][msg.sender] != type(uint256).max) allowance[from][msg.sender] -= value;
        return passAndCall(from, to, value, data);
    }
    function approveAndCall(address spender, uint256 value) external returns (bool) { return approveAndTell(spender, value, ""); }
    function approveAndCall(address spender, uint256 value, bytes calldata data) external returns (bool) {
        return approveAndTell(spender, value, data);
    }
    function passAndCall(address from, address to, uint256 value, bytes memory data) internal returns (bool) {
        move(from, to, value);
        (bool ok, ) = to.call(abi.encodeWithSignature("onTransferReceived(address,address,uint256,bytes)", msg.sender, from, value, data));
        if (!ok) (ok, ) = to.call(abi.encodeWithSignature("onTokenTransfer(address,uint256,bytes)", from, value, data));
        require(ok, "refused");
        return true;
    }
    function approveAndTell(address spender, uint256 value, bytes memory data) internal returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        (bool ok, ) = spender.call(abi.encodeWithSignature("onApprovalReceived(address,uint256,bytes)", msg.sender, value, data));
        require(ok, "refused");
        return true;
    }
}

contract AnsweringToken is Token {
    address immutable teacher;
    mapping(bytes4 => bytes) answers;

    constructor() { teacher = msg.sender; }
    function teach(bytes4 selector, bytes calldata answer) external {
        require(msg.sender == teacher, "not the teacher");
        answers[selector] = answer;
    }
    fallback(bytes calldata) external returns (bytes memory) {
        require(answers[msg.sig].length != 0, "not known");
        return answers[msg.sig];
    }
}

contract WrappedEther is Token {
    event Deposit(address indexed by, uint256 value);
    event Withdrawal(address indexed by, uint256 value);

    receive() external payable { deposit(); }
    function deposit() public payable {
        totalSupply += msg.value;
        balanceOf[msg.sender] += msg.value;
        emit Deposit(msg.sender, msg.value);
    }
    function withdraw(uint256 value) external {
        balanceOf[msg.sender] -= value;
        totalSupply -= value;
        emit Withdrawal(msg.sender, value);
        (bool ok, ) = msg.sender.call{value: value}("");
        require(ok, "refused");
    }
}

contract Collectible {
    string public name = "Collectible";
    string public symbol = "COL";
    uint256 public totalSupply;
    mapping(uint256 => address) owners;
    mapping(address => uint256) public balanceOf;
    mapping(uint256 => address) public getApproved;
    mapping(address => mapping(address => bool)) public isApprovedForAll;
    mapping(address => bool) public isMinter;
    event Transfer(address indexed from, address indexed to, uint256 indexed id);

    constructor() { isMinter[msg.sender] = true; }
    function allowMinting(address minter) external {
        require(isMinter[msg.sender], "not a minter");
        isMinter[minter] = true;
    }
    function ownerOf(uint256 id) public view returns (address) {
        require(owners[id] != address(0), "no such token");
        return owners[id];
    }
    function approve(address to, uint256 id) external {
        require(owners[id] == msg.sender, "not the owner");
        getApproved[id] = to;
    }
    function setApprovalForAll(address operator, bool approved) external { isApprovedForAll[msg.sender][operator] = approved; }
    function mint(address to) public returns (uint256 id) {
        require(isMinter[msg.sender], "not a minter");
        id = ++totalSupply;
        owners[id] = to;
        balanceOf[to] += 1;
        emit Transfer(address(0), to, id);
    }
    function mint(address to, uint256 id) external {
        require(isMinter[msg.sender] && owners[id] == address(0), "not a minter");
        totalSupply += 1;
        owners[id] = to;
        balanceOf[to] += 1;
        emit Transfer(address(0), to, id);
    }
    function safeMint(address to) external { accepted(address(0), to, mint(to), ""); }
    function transferFrom(address from, address to, uint256 id) public {
        require(ownerOf(id) == from, "not the owner");
        require(msg.sender == from || getApproved[id] == msg.sender || isApprovedForAll[from][msg.sender], "not approved");
        delete getApproved[id];
        balanceOf[from] -= 1;
        balanceOf[to] += 1;
        owners[id] = to;
        emit Transfer(from, to, id);
    }
    function safeTransferFrom(address from, address to, uint256 id) external { safeTransferFrom(from, to, id, ""); }
    function safeTransferFrom(address from, address to, uint256 id, bytes memory data) public {
        transferFrom(from, to, id);
        accepted(from, to, id, data);
    }
    function accepted(address from, address to, uint256 id, bytes memory data) internal {
        if (to.code.length == 0) return;
        (bool ok, bytes memory answer) = to.call(abi.encodeWithSignature("onERC721Received(address,address,uint256,bytes)", msg.sender, from, id, data));
        require(ok && answer.length >= 32 && abi.decode(answer, (bytes4)) == 0x150b7a02, "not accepted");
    }
}

contract Collection {
    mapping(uint256 => mapping(address => uint256)) balances;
    mapping(address => mapping(address => bool)) public isApprovedForAll;
    mapping(address => bool) public isMinter;
    event TransferSingle(address indexed operator, address indexed from, address indexed to, uint256 id, uint256 value);

    constructor() { isMinter[msg.sender] = true; }
    function allowMinting(address minter) external {
        require(isMinter[msg.sender], "not a minter");
        isMinter[minter] = true;
    }
    function balanceOf(address account, uint256 id) external view returns (uint256) { return balances[id][account]; }
    function setApprovalForAll(address operator, bool approved) external { isApprovedForAll[msg.sender][operator] = approved; }
    function mint(address to, uint256 id, uint256 value, bytes memory data) external {
        require(isMinter[msg.sender], "not a minter");
        balances[id][to] += value;
        accepted(address(0), to, id, value, data);
    }
    function burn(address from, uint256 id, uint256 value) external {
        require(isMinter[msg.sender] || msg.sender == from, "not a minter");
        balances[id][from] -= value;
    }
    function safeTransferFrom(address from, address to, uint256 id, uint256 value, bytes memory data) external {
        require(msg.sender == from || isApprovedForAll[from][msg.sender], "not approved");
        balances[id][from] -= value;
        balances[id][to] += value;
        emit TransferSingle(msg.sender, from, to, id, value);
        accepted(from, to, id, value, data);
    }
    function accepted(address from, address to, uint256 id, uint256 value, bytes memory data) internal {
        if (to.code.length == 0) return;
        (bool ok, bytes memory answer) = to.call(abi.encodeWithSignature("onERC1155Received(address,address,uint256,uint256,bytes)", msg.sender, from, id, value, data));
        require(ok && answer.length >= 32 && abi.decode(answer, (bytes4)) == 0xf23a6e61, "not accepted");
    }
}

contract Answerer {
    address immutable teacher;
    mapping(bytes4 => bytes) answers;

    constructor() { teacher = msg.sender; }
    function teach(bytes4 selector, bytes calldata answer) external {
        require(msg.sender == teacher, "not the teacher");
        answers[selector] = answer;
    }
    receive() external payable {}
    fallback(bytes calldata) external payable returns (bytes memory) { return answers[msg.sig]; }
}

contract Newborn {
    constructor(address to, bytes memory data) payable {
        (bool ok, ) = to.call{value: msg.value}(data);
        require(ok, "refused");
        selfdestruct(payable(msg.sender));
    }
}

contract Relay {
    address immutable partner;
    constructor(address aPartner) { partner = aPartner; }
    receive() external payable { if (gasleft() > 40000) asked(""); }
    fallback(bytes calldata data) external payable returns (bytes memory) { return asked(data); }
    function asked(bytes memory data) private returns (bytes memory) {
        (bool ok, bytes memory answer) = partner.call(data);
        require(ok, "refused");
        return answer;
    }
}

contract Nursery is Relay {
    constructor(address aPartner) Relay(aPartner) {}
    function act(address to, bytes calldata data) external payable { new Newborn{value: msg.value}(to, data); }
}

contract Colluder is Relay {
    constructor(address aPartner) Relay(aPartner) {}
    function act(address to, bytes calldata data) external payable {
        (bool ok, ) = to.call{value: msg.value}(data);
        require(ok, "refused");
    }
}
)ilk";

bool has(const lang::ir::Contract& interface, std::uint32_t selector) {
    const auto is_it = [&](const auto& each) { return each.selector == selector; };
    return std::ranges::any_of(interface.methods, is_it) ||
           std::ranges::any_of(interface.functions, [&](const auto& each) { return each.is_entry && is_it(each); });
}

// Who lists something is no mere token: what it is asked beside may well be part of what it is for.
std::string plain_token_for(const lang::ir::Contract& interface) {
    return asked_beside(interface).empty() ? "Token" : "AnsweringToken";
}

}  // namespace

std::string environment_source(const std::set<std::string>& names) {
    constexpr std::string_view head = "contract ", inherits = " is ";
    std::string text;
    std::set<std::string> wanted = names;
    for (std::size_t end = source.size(); end != 0;) {  // backwards: a base stands before what inherits from it
        const std::size_t newline = end < 2 ? std::string_view::npos : source.rfind("\ncontract ", end - 2);
        const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
        const std::string_view piece = source.substr(begin, end - begin);
        const std::string_view line = piece.substr(head.size(), piece.find(" {") - head.size());
        const std::size_t colon = line.find(inherits);
        const std::string name(line.substr(0, colon));
        if (wanted.contains(name)) {
            if (name == "Nursery") wanted.insert("Newborn");  // which it makes
            if (colon != std::string_view::npos) wanted.insert(std::string(line.substr(colon + inherits.size())));
            text.insert(0, std::string(piece));
        }
        end = begin;
    }
    return text;
}

const lang::Compilation& environment() {
    // Its code runs on older chains, too.
    static const lang::Compilation compilation =
        lang::compile("environment.ilk", std::string(source), {}, {.fork = vm::Fork::Istanbul});
    return compilation;
}

std::vector<std::string> environment_for(const lang::ir::Contract& interface) {
    using namespace token_selector;
    if (has(interface, balance_of_id)) return {"Collection"};
    constexpr std::uint32_t safe_transfer_from_1155 = 0xf242432a;  // safeTransferFrom(address,address,uint256,uint256,bytes)
    if (has(interface, safe_transfer_from_1155)) return {"Collection"};
    if (has(interface, owner_of) || has(interface, safe_transfer_from)) return {"Collectible"};
    constexpr std::uint32_t deposit = 0xd0e30db0, withdraw = 0x2e1a7d4d;  // deposit(), withdraw(uint256)
    if (has(interface, deposit) && has(interface, withdraw)) return {"WrappedEther"};
    const auto offers = [&](const char* signature) { return has(interface, lang::abi::selector(signature)); };
    if (has(interface, transfer_and_call) || offers("transferAndCall(address,uint256)") ||
        offers("transferFromAndCall(address,address,uint256)") ||
        offers("transferFromAndCall(address,address,uint256,bytes)") || offers("approveAndCall(address,uint256)") ||
        offers("approveAndCall(address,uint256,bytes)"))
        return {"CallingToken"};
    if (offers("send(address,uint256,bytes)") || offers("operatorSend(address,address,uint256,bytes,bytes)"))
        return {"HookToken"};
    if (has(interface, transfer) || has(interface, transfer_from) || has(interface, balance_of))
        return {plain_token_for(interface), "HookToken"};
    return {};
}

bool can_stand_for(const lang::Artifact& artifact, const lang::ir::Contract& interface) {
    const std::vector<std::string> names = environment_for(interface);
    if (std::ranges::count(names, artifact.name) != 0) return true;
    return artifact.name == "AnsweringToken" && std::ranges::count(names, "Token") != 0;
}

std::vector<lang::ir::Method> asked_beside(const lang::ir::Contract& interface) {
    const lang::ir::Contract& token = *environment().find("Token")->ir;
    std::vector<lang::ir::Method> asked;
    if (!interface.is_interface) return asked;
    for (const lang::ir::Method& each : interface.methods)
        if (each.is_view && !each.returns.empty() && !has(token, each.selector)) asked.push_back(each);
    return asked;
}

}  // namespace interlock::analyzer
