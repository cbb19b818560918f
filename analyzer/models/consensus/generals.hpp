// Byzantine generals: a commander orders, the lieutenants tell each other what they heard, and one of them all is a traitor.
// (Lamport, Shostak, Pease, 1982: OM(1) and SM(1).)
//
// Oral messages say what the traitor likes: then three generals are too few, and four are enough. With signatures a traitor
// can only be silent about an order, or give two orders as the commander: then three are enough.
#pragma once

#include <vector>

#include "analyzer/models/consensus/spec.hpp"

namespace interlock::analyzer::models::consensus {

constexpr int most_generals = 6;

struct GeneralsState {
    static constexpr std::int8_t silence = -1, retreat = 0, attack = 1;
    std::int8_t traitor = -1, order = retreat;  // the commander is general 0, and this its order if it is loyal
    std::int8_t said = -1;                      // messages so far; -1: nobody knows who the traitor is
    std::array<std::array<std::int8_t, most_generals>, most_generals> told{};  // by sender and receiver
};

class Generals : public Spec<Generals, GeneralsState> {
  public:
    struct Parameters {
        int generals = 4;
        bool is_signed = false;
    };
    static constexpr engine::Property properties[] = {
        {"Agreement", "no two loyal lieutenants do different things"},
        {"Validity", "loyal lieutenants obey a loyal commander"},
    };
    enum Act : std::int8_t { Begin, Tell };
    explicit Generals(const Parameters& parameters) : is_(parameters) {}

    // Messages are sent in one order, since nobody acts before all have arrived.
    template <class Visit>
    void choices(Visit&& visit) const {
        using State = GeneralsState;
        if (now_.said < 0) {
            for (std::int8_t traitor = 0; traitor < is_.generals; ++traitor)
                for (const std::int8_t order : {State::retreat, State::attack}) visit(Move{Begin, traitor, 0, order});
            return;
        }
        if (is_over()) return;
        for (const std::int8_t value : {State::silence, State::retreat, State::attack})
            if (may_say(value)) visit(Move{Tell, sender(), receiver(), value});
    }
    void step(const Move& move) {
        ++now_.said;
        if (move.act == Begin) now_.traitor = move.who, now_.order = move.value;
        else now_.told[move.who][move.ballot] = move.value;
    }
    [[nodiscard]] std::uint32_t broken() const {
        std::uint32_t wrong = 0;
        int before = -1;
        for (int who = 1; is_over() && who < is_.generals; ++who) {
            if (who == now_.traitor) continue;
            const int does = decision(who);
            if (before >= 0 && does != before) wrong |= 1;
            if (now_.traitor != 0 && does != now_.order) wrong |= 2;
            before = does;
        }
        return wrong;
    }
    [[nodiscard]] std::string describe(const Move& move) const {
        static constexpr const char* words[] = {"nothing", "retreat", "attack"};
        const std::string word = words[move.value + 1], who = "g" + std::to_string(move.who);
        if (move.act == Begin) return who + " is the traitor; a loyal commander orders: " + word;
        return who + " tells g" + std::to_string(move.ballot) + ": " + word;
    }
    [[nodiscard]] std::vector<engine::Variable> variables() const {
        std::vector<engine::Variable> all{{"traitor", now_.traitor < 0 ? "-" : "g" + std::to_string(now_.traitor)}};
        for (int who = 1; who < is_.generals; ++who)
            all.push_back({"g" + std::to_string(who), !is_over() ? "-" : decision(who) == 1 ? "attack" : "retreat"});
        return all;
    }

  private:
    // First the commander to each lieutenant; then each of these to each other one.
    [[nodiscard]] int lieutenants() const { return is_.generals - 1; }
    [[nodiscard]] bool is_over() const { return now_.said == is_.generals * lieutenants(); }
    [[nodiscard]] std::int8_t sender() const { return static_cast<std::int8_t>(now_.said / lieutenants()); }
    [[nodiscard]] std::int8_t receiver() const {
        const int at = now_.said % lieutenants();  // 0 is the sender itself
        return static_cast<std::int8_t>(at < sender() ? at : at + 1);
    }
    [[nodiscard]] bool may_say(std::int8_t value) const {
        const std::int8_t who = sender();
        if (who > 0 && receiver() == 0) return value == GeneralsState::silence;  // nobody tells the commander
        const std::int8_t truth = who == 0 ? now_.order : now_.told[0][who];
        if (who != now_.traitor) return value == truth;
        return who == 0 || !is_.is_signed || value == truth || value == GeneralsState::silence;
    }
    // Oral: what more than half of all say, otherwise retreat. Signed: the order, if just one came.
    [[nodiscard]] int decision(int who) const {
        int attacks = 0, retreats = 0;
        for (int from = 0; from < is_.generals; ++from) {
            if (from == who) continue;
            attacks += now_.told[from][who] == GeneralsState::attack;
            retreats += now_.told[from][who] == GeneralsState::retreat;
        }
        if (is_.is_signed) return attacks > 0 && retreats == 0 ? 1 : 0;
        return 2 * attacks > lieutenants() ? 1 : 0;
    }

    Parameters is_;
};

}  // namespace interlock::analyzer::models::consensus
