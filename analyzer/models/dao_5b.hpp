// DAO5b: the mended bank of "Bridging Paxos and Blockchain Consensus", Fig. 5(b). It debits, and then pays.
//
//     procedure BankWithdraw(amount) {
//       CheckBalance:   if (bankBalance < amount) return;
//       UpdateBalance:  bankBalance := bankBalance - amount;
//       DispenseAmount: call MallorySendMoney(amount); return; }
//
// Mallory's procedure and the process are those of Fig. 5(a). The call that a return follows takes over the caller's way
// back, so the bank's parameter keeps its value, as in the translation of PlusCal.
#pragma once

#include "analyzer/models/dao.hpp"

namespace interlock::analyzer::models {

class Dao5b : public Dao {
  public:
    static constexpr engine::Property properties[] = {
        {"SafeWithdrawal", "nothing is withdrawn yet; or it is debited; or it is debited and paid"},
        within_balance,
        {"EndState", "at the end bank + mallory = BALANCE and something was withdrawn"},
    };
    using Undo = State;

    explicit Dao5b(const Parameters& parameters) : Dao(parameters) {}

    Undo apply(const Choice& choice) {
        Undo before = now_;
        switch (choice.label) {
            case Label::Transact: call_bank(is_.amount, Label::Done); break;
            case Label::CheckBalance:
                if (now_.bank < now_.amount) go_back(now_.amount);
                else now_.pc = Label::UpdateBalance;
                break;
            case Label::UpdateBalance:
                now_.bank -= now_.amount;
                now_.pc = Label::DispenseAmount;
                break;
            case Label::DispenseAmount: {
                const Label back_to = now_.stack.back().back_to;
                now_.stack.pop_back();
                call_mallory(now_.amount, back_to);
                break;
            }
            case Label::Receive: receive(); break;
            case Label::FC: go_back(now_.amt); break;
            case Label::FinishWithdraw:
            case Label::Done: assert(false && "not a step of this figure");
        }
        return before;
    }
    void undo(const Choice&, const Undo& before) { now_ = before; }

    [[nodiscard]] std::uint32_t broken() const {
        const int balance = is_.balance, amount = is_.amount;
        const bool is_safe = is_at(balance, 0) || is_at(balance - amount, 0) || is_at(balance - amount, amount);
        const bool is_good_end =
            now_.pc != Label::Done || (now_.bank + now_.mallory == balance && now_.bank <= balance - amount);
        return (is_safe ? 0u : 1u) | (is_within_balance() ? 0u : 2u) | (is_good_end ? 0u : 4u);
    }
};

}  // namespace interlock::analyzer::models
