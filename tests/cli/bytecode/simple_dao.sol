pragma solidity ^0.4.2;

// The lesson of 2016 in the language of its time: the books are kept after the payment.
contract Fund {
    mapping (address => uint) public credit;

    function donate(address to) payable {
        credit[to] += msg.value;
    }

    function withdraw(uint amount) {
        if (credit[msg.sender] >= amount) {
            bool ok = msg.sender.call.value(amount)();
            ok;
            credit[msg.sender] -= amount;
        }
    }

    function queryCredit(address to) constant returns (uint) {
        return credit[to];
    }
}
