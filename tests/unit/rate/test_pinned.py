"""A version that was published is never edited: each file's digest stands here, and a change is a new version."""

from __future__ import annotations

from whatworks.rate.schemes import schemes

PINNED = {
    "cerqual-1": "49d17a4a8f3ee6684ed3df658c34af2342e236a41b4ebb088ecd57373863369e",
    "cost-scale-1": "5501e85f518578ec99282e76b77a8b2c32c990e6ad6a4b72ad37e3acd9621302",
    "eef-cost-1": "8de65fe9b4727de1142563e36d5eed1ccb876322a5a4be9e24c8bd21baa1b8c9",
    "eef-cost-2": "1e509d995f92dc682657c8803bdcbef259c42cbff0c063ecced61e3226824c7c",
    "eef-trial-padlock-1": "e1fcc79f7f52fcee18ef98c1347c07ce1a03de080791620a51efe804affff7de",
    "effect-scale-1": "cd7a911a21fb221cca3ce6f6a11c396963695e92d6b99fa7c517d025084b4886",
    "eif-cost-1": "cec1b0f4c9950fe865e1d8fce5400a32115d16333defe44c23d8eefc57fcf67f",
    "emmie-economics-1": "1a5f06640d937210113235e08e3dd8c4d2bab2d7591418ab7b5092baff3e603f",
    "emmie-effect-1": "43c91d690715a22f8bb971849d1d2107ee1558bfe0e09653f8f030d7e2b6b3bb",
    "emmie-implementation-1": "3d5e1908dd956e01a173e64c8c7b5ff67b545a544dc0d0e1c18debde0092e31d",
    "emmie-mechanism-1": "32f0e4a19546da0d9f9bb8aaece3d9eb27bcae95bc0745952fd40a346a9792d4",
    "emmie-moderator-1": "6da097158b96be0421e8490201614fb8db62f6e1a9ce06425e544bf9f99bf99d",
    "grade-1": "0329521c5af2f2ea0cee730c948810439b8e1bdb49dd463f7f50746ee6b32580",
    "outcome-state-1": "178991d8f4b01b30f43442941c165663c7af24f542e19f42313f4dc681731e14",
    "strength-scale-1": "8bb9c4b21aa32b8f30aeb6908d20a9fa2cf7a8f122c39f3ecccf40da48aedba2",
}


def test_no_published_version_was_changed() -> None:
    """A band moved under an unchanged version would change old ratings. To mend it: undo, and add the next version."""
    held = {f"{scheme.key}-{scheme.version}": scheme.digest for scheme in schemes()}
    assert {key: digest for key, digest in held.items() if PINNED.get(key, digest) != digest} == {}


def test_every_version_is_pinned() -> None:
    """A scheme without its digest here, or one taken away, could change unseen."""
    assert {f"{scheme.key}-{scheme.version}" for scheme in schemes()} == set(PINNED)
