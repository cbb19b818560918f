// SPDX-License-Identifier: Apache-2.0
// One contract for each library of npm's packages, whose functions do nothing but call it: what calls.txt calls.
pragma solidity ^0.8.20;

import {Base64 as OpenZeppelinBase64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SD59x18} from "@prb/math/src/sd59x18/ValueType.sol";
import {exp as sdExp, ln as sdLn, mul as sdMul, pow as sdPow} from "@prb/math/src/sd59x18/Math.sol";
import {UD60x18} from "@prb/math/src/ud60x18/ValueType.sol";
import {exp2 as udExp2, log10 as udLog10, pow as udPow, sqrt as udSqrt} from "@prb/math/src/ud60x18/Math.sol";
import {BitMath} from "@uniswap/v4-core/src/libraries/BitMath.sol";
import {FullMath} from "@uniswap/v4-core/src/libraries/FullMath.sol";
import {SqrtPriceMath} from "@uniswap/v4-core/src/libraries/SqrtPriceMath.sol";
import {SwapMath} from "@uniswap/v4-core/src/libraries/SwapMath.sol";
import {TickMath} from "@uniswap/v4-core/src/libraries/TickMath.sol";
import {Base64 as SoladyBase64} from "solady/src/utils/Base64.sol";
import {FixedPointMathLib as SoladyMath} from "solady/src/utils/FixedPointMathLib.sol";
import {LibSort} from "solady/src/utils/LibSort.sol";
import {LibString as SoladyString} from "solady/src/utils/LibString.sol";
import {MerkleProofLib} from "solady/src/utils/MerkleProofLib.sol";
import {FixedPointMathLib as SolmateMath} from "solmate/src/utils/FixedPointMathLib.sol";
import {LibString as SolmateString} from "solmate/src/utils/LibString.sol";
import {wadExp, wadLn, wadMul, wadPow} from "solmate/src/utils/SignedWadMath.sol";

contract SoladyNumbers {
    function expWad(int256 x) external pure returns (int256) { return SoladyMath.expWad(x); }
    function lnWad(int256 x) external pure returns (int256) { return SoladyMath.lnWad(x); }
    function powWad(int256 x, int256 y) external pure returns (int256) { return SoladyMath.powWad(x, y); }
    function rpow(uint256 x, uint256 y, uint256 b) external pure returns (uint256) { return SoladyMath.rpow(x, y, b); }
    function sqrt(uint256 x) external pure returns (uint256) { return SoladyMath.sqrt(x); }
    function cbrt(uint256 x) external pure returns (uint256) { return SoladyMath.cbrt(x); }
    function log2(uint256 x) external pure returns (uint256) { return SoladyMath.log2(x); }
    function log10(uint256 x) external pure returns (uint256) { return SoladyMath.log10(x); }
    function mulWad(uint256 x, uint256 y) external pure returns (uint256) { return SoladyMath.mulWad(x, y); }
    function divWad(uint256 x, uint256 y) external pure returns (uint256) { return SoladyMath.divWad(x, y); }
    function fullMulDiv(uint256 x, uint256 y, uint256 d) external pure returns (uint256) { return SoladyMath.fullMulDiv(x, y, d); }
    function gcd(uint256 x, uint256 y) external pure returns (uint256) { return SoladyMath.gcd(x, y); }
}

contract SoladyTexts {
    function toString(uint256 x) external pure returns (string memory) { return SoladyString.toString(x); }
    function toHexString(uint256 x) external pure returns (string memory) { return SoladyString.toHexString(x); }
    function checksummed(address x) external pure returns (string memory) { return SoladyString.toHexStringChecksummed(x); }
    function lower(string memory text) external pure returns (string memory) { return SoladyString.lower(text); }
    function replace(string memory text, string memory what, string memory by) external pure returns (string memory) {
        return SoladyString.replace(text, what, by);
    }
    function encode64(bytes memory data) external pure returns (string memory) { return SoladyBase64.encode(data); }
    function verify(bytes32[] calldata proof, bytes32 root, bytes32 leaf) external pure returns (bool) {
        return MerkleProofLib.verifyCalldata(proof, root, leaf);
    }
    function sort(uint256[] memory values) external pure returns (uint256[] memory) {
        LibSort.sort(values);
        return values;
    }
}

contract Solmate {
    function exp(int256 x) external pure returns (int256) { return wadExp(x); }
    function ln(int256 x) external pure returns (int256) { return wadLn(x); }
    function pow(int256 x, int256 y) external pure returns (int256) { return wadPow(x, y); }
    function mul(int256 x, int256 y) external pure returns (int256) { return wadMul(x, y); }
    function rpow(uint256 x, uint256 n, uint256 scalar) external pure returns (uint256) { return SolmateMath.rpow(x, n, scalar); }
    function sqrt(uint256 x) external pure returns (uint256) { return SolmateMath.sqrt(x); }
    function mulDivUp(uint256 x, uint256 y, uint256 d) external pure returns (uint256) { return SolmateMath.mulDivUp(x, y, d); }
    function toString(uint256 x) external pure returns (string memory) { return SolmateString.toString(x); }
}

contract OpenZeppelin {
    function mulDiv(uint256 x, uint256 y, uint256 d) external pure returns (uint256) { return Math.mulDiv(x, y, d); }
    function sqrt(uint256 x) external pure returns (uint256) { return Math.sqrt(x); }
    function log10(uint256 x) external pure returns (uint256) { return Math.log10(x); }
    function modExp(uint256 b, uint256 e, uint256 m) external view returns (uint256) { return Math.modExp(b, e, m); }
    function toString(uint256 x) external pure returns (string memory) { return Strings.toString(x); }
    function toHexString(address x) external pure returns (string memory) { return Strings.toHexString(x); }
    function encode64(bytes memory data) external pure returns (string memory) { return OpenZeppelinBase64.encode(data); }
    function verify(bytes32[] memory proof, bytes32 root, bytes32 leaf) external pure returns (bool) {
        return MerkleProof.verify(proof, root, leaf);
    }
}

contract UniswapV4 {
    function mulDiv(uint256 x, uint256 y, uint256 d) external pure returns (uint256) { return FullMath.mulDiv(x, y, d); }
    function mulDivRoundingUp(uint256 x, uint256 y, uint256 d) external pure returns (uint256) {
        return FullMath.mulDivRoundingUp(x, y, d);
    }
    function getSqrtPriceAtTick(int24 tick) external pure returns (uint160) { return TickMath.getSqrtPriceAtTick(tick); }
    function getTickAtSqrtPrice(uint160 price) external pure returns (int24) { return TickMath.getTickAtSqrtPrice(price); }
    function getAmount0Delta(uint160 a, uint160 b, uint128 liquidity, bool up) external pure returns (uint256) {
        return SqrtPriceMath.getAmount0Delta(a, b, liquidity, up);
    }
    function computeSwapStep(uint160 price, uint160 target, uint128 liquidity, int256 amount, uint24 fee)
        external pure returns (uint160, uint256, uint256, uint256)
    {
        return SwapMath.computeSwapStep(price, target, liquidity, amount, fee);
    }
    function mostSignificantBit(uint256 x) external pure returns (uint8) { return BitMath.mostSignificantBit(x); }
}

contract Prb {
    function exp2(UD60x18 x) external pure returns (UD60x18) { return udExp2(x); }
    function log10(UD60x18 x) external pure returns (UD60x18) { return udLog10(x); }
    function pow(UD60x18 x, UD60x18 y) external pure returns (UD60x18) { return udPow(x, y); }
    function sqrt(UD60x18 x) external pure returns (UD60x18) { return udSqrt(x); }
    function exp(SD59x18 x) external pure returns (SD59x18) { return sdExp(x); }
    function ln(SD59x18 x) external pure returns (SD59x18) { return sdLn(x); }
    function mul(SD59x18 x, SD59x18 y) external pure returns (SD59x18) { return sdMul(x, y); }
    function signedPow(SD59x18 x, SD59x18 y) external pure returns (SD59x18) { return sdPow(x, y); }
}
