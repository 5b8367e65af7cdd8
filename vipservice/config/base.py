"""What the tables of config.toml share."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table of config.toml; unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
