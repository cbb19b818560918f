// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {Test} from "./Vm.sol";

interface IAlone {
    error Refused(uint256 why);

    function creator() external view returns (address);
    function number() external view returns (uint256);
}

interface ISimple {
    function seven() external view returns (uint256);
}

contract Child {
    uint256 public one = 1;
}

contract Creator {
    function make() external returns (Child) {
        return new Child();
    }

    function make2(bytes32 salt) external returns (Child) {
        return new Child{salt: salt}();
    }
}

contract Writer {
    uint256 public written;

    function write(uint256 value) external returns (address, address) {
        written = value;
        return (msg.sender, tx.origin);
    }
}

contract CodeTest is Test {
    Creator creator = new Creator();
    Writer writer = new Writer();
    Writer other = new Writer();
    uint256 written;

    function test_deployCode() public {
        vm.assertEq(ISimple(vm.deployCode("Alone.sol:Simple")).seven(), 7);
        vm.assertEq(ISimple(vm.deployCode("src/Alone.sol:Simple")).seven(), 7);
        vm.assertEq(ISimple(vm.deployCode("Simple")).seven(), 7);
        IAlone alone = IAlone(vm.deployCode("Alone", abi.encode(uint256(5))));
        vm.assertEq(alone.number(), 5);
        vm.assertEq(alone.creator(), address(this));
    }

    function test_deployCode_with_value_and_salt() public {
        bytes memory arguments = abi.encode(uint256(6));
        uint64 nonce = vm.getNonce(address(this));
        address made = vm.deployCode("Alone.sol:Alone", arguments, 3 ether, bytes32(uint256(9)));
        bytes32 hash = keccak256(abi.encodePacked(vm.getCode("Alone.sol:Alone"), arguments));
        vm.assertEq(made, vm.computeCreate2Address(bytes32(uint256(9)), hash, address(this)));
        vm.assertEq(made.balance, 3 ether);
        vm.assertEq(vm.getNonce(address(this)), nonce + 1);
    }

    function test_deployCode_of_a_constructor_that_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IAlone.Refused.selector, 13));
        this.deployUnlucky();
    }

    function deployUnlucky() external {
        vm.deployCode("Alone.sol:Alone", abi.encode(uint256(13)));
    }

    function test_deployCode_in_anothers_name() public {
        vm.prank(address(0xa11ce));
        IAlone alone = IAlone(vm.deployCode("Alone.sol:Alone", abi.encode(uint256(1))));
        vm.assertEq(alone.creator(), address(0xa11ce));
    }

    function test_fails_deployCode_of_nothing() public {
        vm.deployCode("Nowhere.sol:Nothing");
    }

    function test_expectCreate() public {
        vm.expectCreate(type(Child).runtimeCode, address(creator));
        creator.make();
        vm.expectCreate2(type(Child).runtimeCode, address(creator));
        creator.make2(bytes32(uint256(1)));
    }

    function test_fails_expectCreate_without_one() public {
        vm.expectCreate(type(Child).runtimeCode, address(creator));
    }

    function test_fails_expectCreate2_of_another_kind() public {
        vm.expectCreate2(type(Child).runtimeCode, address(creator));
        creator.make();
    }

    function test_fails_expectCreate_by_another() public {
        vm.expectCreate(type(Child).runtimeCode, address(this));
        creator.make();
    }

    function write(uint256 value) private returns (address, address) {
        (bool ok, bytes memory answer) = address(writer).delegatecall(abi.encodeCall(Writer.write, (value)));
        require(ok);
        return abi.decode(answer, (address, address));
    }

    function test_prank_of_a_delegate_call() public {
        vm.prank(address(other), true);
        (address sender,) = write(5);
        vm.assertEq(sender, address(other));
        vm.assertEq(other.written(), 5);
        write(6);
        vm.assertEq(other.written(), 5);
    }

    function test_prank_of_a_delegate_call_with_an_origin() public {
        vm.prank(address(other), address(0xb0b), true);
        (address sender, address origin) = write(5);
        vm.assertEq(sender, address(other));
        vm.assertEq(origin, address(0xb0b));
    }

    function test_startPrank_of_delegate_calls() public {
        vm.startPrank(address(other), true);
        write(1);
        write(2);
        (address sender,) = writer.write(3);
        vm.stopPrank();
        vm.assertEq(sender, address(other));
        vm.assertEq(other.written(), 2);
    }

    function test_prank_leaves_delegate_calls_alone() public {
        vm.startPrank(address(other));
        write(4);
        vm.stopPrank();
        vm.assertEq(other.written(), 0);
    }

    function test_fails_prank_of_a_delegate_call_without_code() public {
        vm.prank(address(0xa11ce), true);
    }
}
