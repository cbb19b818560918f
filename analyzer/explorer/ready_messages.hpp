// The messages of calls that are made again and again: of the lists of candidates, each made when it is first wanted.
#pragma once

#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "analyzer/explorer/perform.hpp"

namespace interlock::analyzer {

class ReadyMessages {
  public:
    using List = std::shared_ptr<const std::vector<Call>>;

    explicit ReadyMessages(const World& world) : world_(world) {}

    // Of the calls of one list, by their positions. Whoever goes through the list keeps them.
    class OfList {
      public:
        OfList(const World& world, List list) : world_(world), list_(std::move(list)), messages_(list_->size()) {}
        [[nodiscard]] const vm::Message& operator[](std::size_t i) {
            if (!messages_[i]) messages_[i] = std::make_unique<const vm::Message>(message_of(world_, (*list_)[i]));
            return *messages_[i];
        }
        [[nodiscard]] const List& list() const { return list_; }

      private:
        const World& world_;
        List list_;  // is kept, so that no other one has its address
        std::vector<std::unique_ptr<const vm::Message>> messages_;
    };

    [[nodiscard]] std::shared_ptr<OfList> of(const List& list) {
        for (const auto& known : lists_)
            if (known->list() == list) return known;
        if (lists_.size() == most_lists) lists_.pop_back();
        lists_.push_front(std::make_shared<OfList>(world_, list));
        return lists_.front();
    }

  private:
    static constexpr std::size_t most_lists = 12;  // of three callers on three levels, and some that are out of date

    const World& world_;
    std::deque<std::shared_ptr<OfList>> lists_;
};

}  // namespace interlock::analyzer
