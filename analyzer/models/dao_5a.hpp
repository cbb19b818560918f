// DAO5a: the faulty bank of "Bridging Paxos and Blockchain Consensus", Fig. 5(a). It pays, and then debits.
//
//     procedure BankWithdraw(amount) {
//       CheckBalance:   if (bankBalance < amount) return;
//       DispenseAmount: call MallorySendMoney(amount);
//       FinishWithdraw: bankBalance := bankBalance - amount; return; }
//     procedure MallorySendMoney(amt) {
//       Receive:        malloryBalance := malloryBalance + amt;
//                       if (attack > 0) { attack := attack - 1; call BankWithdraw(amt); };
//       FC:             return; }
//     process: Transact: call BankWithdraw(AMOUNT);
#pragma once

#include "analyzer/models/dao.hpp"

namespace interlock::analyzer::models {

class Dao5a : public Dao {
  public:
    static constexpr engine::Property properties[] = {
        {"SafeWithdrawal", "nothing is withdrawn yet; or it is paid; or it is paid and debited"},
        within_balance,
    };
    using Undo = State;

    explicit Dao5a(const Parameters& parameters) : Dao(parameters) {}

    Undo apply(const Choice& choice) {
        Undo before = now_;
        switch (choice.label) {
            case Label::Transact: call_bank(is_.amount, Label::Done); break;
            case Label::CheckBalance:
                if (now_.bank < now_.amount) go_back(now_.amount);
                else now_.pc = Label::DispenseAmount;
                break;
            case Label::DispenseAmount: call_mallory(now_.amount, Label::FinishWithdraw); break;
            case Label::FinishWithdraw:
                now_.bank -= now_.amount;
                go_back(now_.amount);
                break;
            case Label::Receive: receive(); break;
            case Label::FC: go_back(now_.amt); break;
            case Label::UpdateBalance:
            case Label::Done: assert(false && "not a step of this figure");
        }
        return before;
    }
    void undo(const Choice&, const Undo& before) { now_ = before; }

    [[nodiscard]] std::uint32_t broken() const {
        const int balance = is_.balance, amount = is_.amount;
        const bool is_safe = is_at(balance, 0) || is_at(balance, amount) || is_at(balance - amount, amount);
        return (is_safe ? 0u : 1u) | (is_within_balance() ? 0u : 2u);
    }
};

}  // namespace interlock::analyzer::models
