// The program's first words: what it says to a command that does not exist.
#include "process.hpp"

namespace interlock::tests {
namespace {

class Commands : public Command {};

TEST_F(Commands, AnUnknownOneIsNamedWithTheNearest) {
    const Finished finished = interlock("buidl bank.ilk");
    EXPECT_EQ(finished.exit, 64);
    EXPECT_NE(finished.err.find("there is no command `buidl`; did you mean `build`?"), std::string::npos) << finished.err;
    EXPECT_EQ(finished.out, "");
}

}  // namespace
}  // namespace interlock::tests
