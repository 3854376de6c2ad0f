// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {ERC20TransferAuthorization} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20TransferAuthorization.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// The least that makes a token of OpenZeppelin's ERC3009: nothing that it checks is added or left out.
contract ERC3009Token is ERC3009 {
    uint8 private immutable _decimals;

    constructor(string memory name, string memory symbol, string memory version, uint8 decimals_) ERC20(name, symbol) EIP712(name, version) {
        _decimals = decimals_;
    }

    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }
}

/// The same of ERC20TransferAuthorization.
contract ERC20TransferAuthorizationToken is ERC20TransferAuthorization {
    uint8 private immutable _decimals;

    constructor(string memory name, string memory symbol, string memory version, uint8 decimals_) ERC20(name, symbol) EIP712(name, version) {
        _decimals = decimals_;
    }

    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }
}
