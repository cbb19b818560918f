// Byte strings wherever values are passed: parameters, results, getters, events, errors, calls, creations, keys.
// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

interface Speaker {
    function say(string calldata what, bytes memory more) external payable returns (string memory, bytes memory, uint256);
    function name() external view returns (string memory);
}

contract Named {
    string public name;
    bytes public seed;
    uint16 public immutable number;

    constructor(string memory called, uint16 n, bytes memory grain) payable {
        name = called;
        seed = grain;
        number = n;
        require(bytes(called).length < 70, string.concat("too long: ", called));
    }
}

contract TextsEverywhere {
    error Bad(string what, bytes data, bytes3 tag);
    event Said(string indexed what, bytes indexed more, string plain, bytes rest);
    event Short(string);

    struct Card { string title; bytes32 mark; bytes body; uint8 rank; }

    string public constant MOTTO = "a motto that is longer than thirty-two bytes, so it takes two words";
    string public short = "short";
    bytes public long;
    mapping(string => bytes) public notes;
    mapping(bytes => mapping(uint8 => string)) public nested;
    mapping(uint256 => Card) public cards;
    Card public card;

    function say(string calldata what, bytes memory more) public payable returns (string memory, bytes memory, uint256) {
        if (more.length == 3) revert Bad(what, more, bytes3(more));
        require(more.length != 5, string(more));
        emit Said(what, more, what, more);
        return (string.concat(what, "!"), bytes.concat(more, hex"00", bytes2(0x1234)), msg.value);
    }

    function name() external view returns (string memory) { return short; }

    function ask(string memory what, bytes calldata more) external payable returns (string memory a, bytes memory b, uint256 c) {
        (a, b, c) = Speaker(address(this)).say{value: msg.value}(what, more);
        a = string.concat(a, Speaker(address(this)).name());
    }

    function tryAsk(string calldata what, bytes calldata more) external returns (uint256 way, bytes memory told) {
        try this.say(what, more) returns (string memory a, bytes memory b, uint256) {
            return (1, abi.encodePacked(a, b));
        } catch Error(string memory why) {
            return (2, bytes(why));
        } catch (bytes memory data) {
            return (3, data);
        }
    }

    function raw(string calldata what, bytes calldata more) external returns (bool ok, bytes memory answer) {
        (ok, answer) = address(this).call(abi.encodeCall(this.say, (what, more)));
        if (ok) answer = abi.encodeWithSignature("f(string,bytes)", what, answer);
    }

    function make(string calldata called, uint16 n, bytes calldata grain) external payable returns (string memory, bytes memory, uint16) {
        Named made = new Named{value: msg.value}(called, n, grain);
        return (made.name(), made.seed(), made.number());
    }

    function tryMake(string calldata called, bytes calldata grain) external returns (string memory) {
        try new Named(called, 1, grain) returns (Named made) {
            return made.name();
        } catch Error(string memory why) {
            return why;
        }
    }

    function write(string calldata key, bytes calldata value, uint8 n) external returns (uint256, bytes memory) {
        notes[key] = value;
        nested[value][n] = key;
        short = key;
        long = bytes.concat(long, value);
        if (n % 3 == 0) delete long;
        cards[n] = Card(key, keccak256(value), value, n);
        card = cards[n];
        if (n % 4 == 0) delete cards[n];
        if (n % 5 == 0) delete card;
        emit Short(short);
        emit Short(nested[value][n]);
        return (long.length, notes[key]);
    }

    function motto(uint8 n) external view returns (string memory, bytes1, bytes32, bool) {
        string memory some = n % 2 == 0 ? MOTTO : short;
        bytes memory part = bytes(some);
        return (some, part.length > n ? part[n] : bytes1(0), keccak256(part), keccak256(part) == keccak256(bytes(short)));
    }
}
