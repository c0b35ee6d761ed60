# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types as _types
from ..types import UNSET, Unset

T = TypeVar("T", bound="QueueAnswer")


@_attrs_define
class QueueAnswer:
    """The queues.

    Attributes:
        queue (QueueSizes | Unset): Unfinished jobs by plan.
        current (PlanQueue | Unset): The queue of the caller's plan.
        plan (PlanQueue | Unset): The queue of the caller's plan.
        free_separations (FreeSeparations | Unset): Free separations of the day.
    """

    queue: QueueSizes | Unset = UNSET
    current: PlanQueue | Unset = UNSET
    plan: PlanQueue | Unset = UNSET
    free_separations: FreeSeparations | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def __repr__(self) -> str:
        return _types.short_repr(self)

    def to_dict(self) -> dict[str, Any]:
        queue: dict[str, Any] | Unset = UNSET
        if not isinstance(self.queue, Unset):
            queue = self.queue.to_dict()

        current: dict[str, Any] | Unset = UNSET
        if not isinstance(self.current, Unset):
            current = self.current.to_dict()

        plan: dict[str, Any] | Unset = UNSET
        if not isinstance(self.plan, Unset):
            plan = self.plan.to_dict()

        free_separations: dict[str, Any] | Unset = UNSET
        if not isinstance(self.free_separations, Unset):
            free_separations = self.free_separations.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if queue is not UNSET:
            field_dict["queue"] = queue
        if current is not UNSET:
            field_dict["current"] = current
        if plan is not UNSET:
            field_dict["plan"] = plan
        if free_separations is not UNSET:
            field_dict["free_separations"] = free_separations

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = {**src_dict} if src_dict else dict(src_dict)
        _queue = d.pop("queue", UNSET)
        queue: QueueSizes | Unset
        if isinstance(_queue, Unset):
            queue = UNSET
        else:
            queue = QueueSizes.from_dict(_queue)

        _current = d.pop("current", UNSET)
        current: PlanQueue | Unset
        if isinstance(_current, Unset):
            current = UNSET
        else:
            current = PlanQueue.from_dict(_current)

        _plan = d.pop("plan", UNSET)
        plan: PlanQueue | Unset
        if isinstance(_plan, Unset):
            plan = UNSET
        else:
            plan = PlanQueue.from_dict(_plan)

        _free_separations = d.pop("free_separations", UNSET)
        free_separations: FreeSeparations | Unset
        if isinstance(_free_separations, Unset):
            free_separations = UNSET
        else:
            free_separations = FreeSeparations.from_dict(_free_separations)

        queue_answer = cls(
            queue=queue,
            current=current,
            plan=plan,
            free_separations=free_separations,
        )

        queue_answer.additional_properties = d
        return queue_answer

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties


from ..models.free_separations import FreeSeparations  # noqa: E402
from ..models.plan_queue import PlanQueue  # noqa: E402
from ..models.queue_sizes import QueueSizes  # noqa: E402

QueueAnswer.__init__.__globals__.update(globals())
