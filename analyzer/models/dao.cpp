#include "analyzer/models/dao.hpp"

#include <array>

namespace interlock::analyzer::models {

namespace {

std::string name_of(Dao::Label label) {
    switch (label) {
        case Dao::Label::Transact: return "Transact";
        case Dao::Label::CheckBalance: return "CheckBalance";
        case Dao::Label::UpdateBalance: return "UpdateBalance";
        case Dao::Label::DispenseAmount: return "DispenseAmount";
        case Dao::Label::FinishWithdraw: return "FinishWithdraw";
        case Dao::Label::Receive: return "Receive";
        case Dao::Label::FC: return "FC";
        case Dao::Label::Done: return "Done";
    }
    return {};
}

}  // namespace

std::string Dao::describe(const Choice& choice) const { return name_of(choice.label); }

std::vector<engine::Variable> Dao::variables() const {
    const auto parameter = [](int value) { return value == none ? "-" : std::to_string(value); };
    std::string stack;
    for (const Frame& frame : now_.stack)
        stack += (stack.empty() ? "" : " > ") + name_of(frame.back_to) + ":" + parameter(frame.saved);
    return {{"pc", name_of(now_.pc)},
            {"bank", std::to_string(now_.bank)},
            {"mallory", std::to_string(now_.mallory)},
            {"attack", std::to_string(now_.attack)},
            {"amount", parameter(now_.amount)},
            {"amt", parameter(now_.amt)},
            {"stack", stack.empty() ? "-" : stack}};
}

}  // namespace interlock::analyzer::models
