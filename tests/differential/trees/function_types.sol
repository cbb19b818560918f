/* SPDX-License-Identifier:
   MIT */
pragma solidity ^0.8.28;

// Functions as types: in the layout, in the interface, in events.
struct Account { uint256 balance; bytes name; }
enum Side { Left, Right }
type Price is uint128;

contract FunctionTypes {
    function (string memory, uint256[] memory, FunctionTypes, address payable) external view returns (bytes memory) read;
    function (string memory, uint256[] storage, bytes calldata) internal returns (string memory) inner;
    function (Side, Account memory, Price[] memory) external payable[] public all;
    mapping(Price => function (Account memory) external) byPrice;
    struct Held { function (string memory) external pure asks; uint8 tail; }
    Held held;
    event Asked(function (string memory what) external asked, function () external returns (Account memory) indexed other);
    error Unasked(function (bytes memory) external view);
    function take(function (string memory) external taken, Held memory) external
        returns (function (bytes memory) external, function (Account memory) external view named) {}
    function paid() public payable {
        function () internal same = paid;
        paid;
        this.paid;
        FunctionTypes.paid;
        same();
    }
    function inside(function (string memory) internal) internal {}
}
