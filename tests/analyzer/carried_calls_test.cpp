// Calls that a contract is given, to make them: it says for whom, and who is called believes it.
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

std::string with(std::string source, const std::string& mark, const std::string& text) {
    source.replace(source.find(mark), mark.size(), text);
    return source;
}

std::string counter_behind_a_router(bool is_late) {
    const std::string source = R"ilk(
        contract Router {
            address public sender;
            function forward(address counter, bytes calldata data) external payable {
                address before = sender;
                sender = msg.sender;
                (bool ok, ) = counter.call{value: msg.value}(data);
                require(ok);
                sender = before;
            }
        }
        contract Counter {
            Router immutable router;
            mapping(address => uint256) public kept;
            constructor(Router r) { router = r; }
            function put() external payable { require(msg.sender == address(router)); kept[router.sender()] += msg.value; }
            function take(uint256 n) external {
                require(msg.sender == address(router));
                address who = router.sender();
                uint256 had = kept[who];
                require(n <= had);
                BEFORE
                (bool ok, ) = who.call{value: n}("");
                require(ok);
                AFTER
            }
        })ilk";
    const std::string write = "kept[who] = had - n;";
    return with(with(source, "BEFORE", is_late ? "" : write), "AFTER", is_late ? write : "");
}

TEST(CarriedCalls, WhoIsCalledKnowsWhoCallsForHer) {
    EXPECT_TRUE(checked(counter_behind_a_router(true), 5.0).has_exploit());
    EXPECT_FALSE(checked(counter_behind_a_router(false), 2.0).has_exploit());
}

// A letter is known by its hash, and who opens it has to be told from whom it is.
std::string letters_from_elsewhere(bool is_late) {
    const std::string source = R"ilk(
        contract Post {
            address immutable carrier = msg.sender;
            address public from;
            mapping(bytes32 => bool) letters;
            mapping(bytes32 => bool) read;
            function bring(bytes32 letter) external { require(msg.sender == carrier); letters[letter] = true; }
            function open(address writer, address to, bytes calldata data) external {
                bytes32 letter = keccak256(abi.encode(writer, to, data));
                require(letters[letter] && !read[letter]);
                BEFORE
                from = writer;
                (bool ok, ) = to.call(data);
                require(ok);
                from = address(0);
                AFTER
            }
        }
        contract Home {
            Post immutable post;
            address immutable elsewhere;
            constructor(Post p, address e) { post = p; elsewhere = e; }
            function send() external payable {}
            function release(address to, uint256 n) external {
                require(msg.sender == address(post) && post.from() == elsewhere);
                (bool ok, ) = to.call{value: n}("");
                require(ok);
            }
        })ilk";
    const std::string write = "read[letter] = true;";
    return with(with(source, "BEFORE", is_late ? "" : write), "AFTER", is_late ? write : "");
}

TEST(CarriedCalls, FromWhomItIsExpected) {
    EXPECT_TRUE(checked(letters_from_elsewhere(true), 15.0).has_exploit());
    EXPECT_FALSE(checked(letters_from_elsewhere(false), 3.0).has_exploit());
}

}  // namespace
}  // namespace interlock::analyzer::tests
