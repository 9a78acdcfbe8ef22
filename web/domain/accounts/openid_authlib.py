"""Signing in by an OpenID provider, with Authlib over httpx."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from media.errors import Forbidden, Unavailable
from web.domain.accounts.openid import Began, Identity

TIMEOUT_SECONDS = 10.0
LEEWAY_SECONDS = 120
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
"""What an identity may be signed with: never “none”, never the client's own secret."""


class AuthlibProvider:
    """Implements `web.domain.accounts.openid.Provider`. Reads the provider's metadata (OpenID Connect Discovery 1.0)
    and keys at first use; safe to share between threads."""

    def __init__(self, issuer: str, client: str, secret: str, name: str) -> None:
        """`issuer` is the provider's address, `client` and `secret` what it gave this site."""
        self.name = name
        self._issuer = issuer.rstrip("/")
        self._client, self._secret = client, secret
        self._metadata: dict[str, Any] = {}
        self._lock = threading.Lock()

    def begin(self, redirect_uri: str) -> Began:
        """See `Provider.begin`."""
        nonce, verifier = generate_token(32), generate_token(64)
        with _translated(), self._session(redirect_uri) as session:
            url, state = session.create_authorization_url(
                self._found()["authorization_endpoint"], code_verifier=verifier, nonce=nonce
            )
        return Began(url, state, nonce, verifier)

    def finish(self, began: Began, redirect_uri: str, answer: str) -> Identity:
        """See `Provider.finish`."""
        with _translated(), self._session(redirect_uri) as session:
            token = session.fetch_token(
                self._found()["token_endpoint"],
                authorization_response=answer,
                state=began.state,
                code_verifier=began.verifier,
            )
            claims = self._checked(token, began.nonce)
        verified = claims.get("email_verified") is True
        email = str(claims.get("email") or "").strip().casefold() if verified else ""
        return Identity(self._found()["issuer"], str(claims["sub"]), email, str(claims.get("name") or ""))

    def _checked(self, token: dict[str, Any], nonce: str) -> Any:
        """The claims of an identity token, once signature, issuer, audience, times and nonce are right."""
        keys = KeySet.import_key_set({"keys": _get(self._found()["jwks_uri"])["keys"]})
        decoded = jwt.decode(str(token.get("id_token", "")), key=keys, algorithms=list(ALGORITHMS))
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "value": self._found()["issuer"]},
                "aud": {"essential": True, "value": self._client},
            },
            {"nonce": nonce, "client_id": self._client, "access_token": token.get("access_token")},
        )
        claims.validate(leeway=LEEWAY_SECONDS)
        return claims

    def _found(self) -> dict[str, Any]:
        with self._lock:
            if not self._metadata:
                found = _get(f"{self._issuer}/.well-known/openid-configuration")
                if str(found.get("issuer", "")).rstrip("/") != self._issuer:
                    raise Forbidden("The OpenID provider calls itself otherwise than the settings do.")
                self._metadata = found
            return self._metadata

    def _session(self, redirect_uri: str) -> Any:
        return OAuth2Client(
            self._client,
            self._secret,
            scope="openid email profile",
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=TIMEOUT_SECONDS,
        )


def _get(url: str) -> dict[str, Any]:
    answer = httpx.get(url, timeout=TIMEOUT_SECONDS)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except httpx.HTTPError as error:
        raise Unavailable(
            "The sign-in service does not answer; try again shortly, or sign in with your password."
        ) from error
    except (AuthlibBaseError, JoseError, KeyError, ValueError) as error:
        raise Forbidden(
            "The sign-in service's answer can't be trusted (%(why)s); start again.",
            why=type(error).__name__,
        ) from error
