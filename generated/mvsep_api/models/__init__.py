# Generated from spec/mvsep-openapi-spec.json by `make regenerate`. Do not edit.
"""The data models of the contract; each is imported when first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .action_answer import ActionAnswer
    from .action_answer_data import ActionAnswerData
    from .algorithm import Algorithm
    from .algorithm_brief import AlgorithmBrief
    from .algorithm_description import AlgorithmDescription
    from .algorithm_field import AlgorithmField
    from .algorithm_group import AlgorithmGroup
    from .credit_alert_answer import CreditAlertAnswer
    from .demo_item import DemoItem
    from .error_answer import ErrorAnswer
    from .field_condition import FieldCondition
    from .free_separations import FreeSeparations
    from .history_answer import HistoryAnswer
    from .history_item import HistoryItem
    from .input_file import InputFile
    from .leaderboard_answer import LeaderboardAnswer
    from .login_body import LoginBody
    from .message_answer import MessageAnswer
    from .news_item import NewsItem
    from .plan_queue import PlanQueue
    from .price_rule import PriceRule
    from .purchases_answer import PurchasesAnswer
    from .quality_added import QualityAdded
    from .quality_added_data import QualityAddedData
    from .quality_checker_add_body import QualityCheckerAddBody
    from .quality_checker_delete_body import QualityCheckerDeleteBody
    from .quality_entry import QualityEntry
    from .quality_entry_answer import QualityEntryAnswer
    from .queue_answer import QueueAnswer
    from .queue_sizes import QueueSizes
    from .queue_summary import QueueSummary
    from .queue_summary_answer import QueueSummaryAnswer
    from .rating import Rating
    from .register_body import RegisterBody
    from .remote_state import RemoteState
    from .remote_state_data import RemoteStateData
    from .remote_status import RemoteStatus
    from .separation_cancel_body import SeparationCancelBody
    from .separation_create_body import SeparationCreateBody
    from .separation_created import SeparationCreated
    from .separation_created_data import SeparationCreatedData
    from .separation_data import SeparationData
    from .separation_delete_body import SeparationDeleteBody
    from .separation_file import SeparationFile
    from .separation_state import SeparationState
    from .separation_status import SeparationStatus
    from .set_credit_alert_body import SetCreditAlertBody
    from .switch_body import SwitchBody
    from .user_answer import UserAnswer
    from .user_data import UserData
    from .webhook_payload import WebhookPayload
else:
    _MODULES = {
        "ActionAnswer": ".action_answer",
        "ActionAnswerData": ".action_answer_data",
        "Algorithm": ".algorithm",
        "AlgorithmBrief": ".algorithm_brief",
        "AlgorithmDescription": ".algorithm_description",
        "AlgorithmField": ".algorithm_field",
        "AlgorithmGroup": ".algorithm_group",
        "CreditAlertAnswer": ".credit_alert_answer",
        "DemoItem": ".demo_item",
        "ErrorAnswer": ".error_answer",
        "FieldCondition": ".field_condition",
        "FreeSeparations": ".free_separations",
        "HistoryAnswer": ".history_answer",
        "HistoryItem": ".history_item",
        "InputFile": ".input_file",
        "LeaderboardAnswer": ".leaderboard_answer",
        "LoginBody": ".login_body",
        "MessageAnswer": ".message_answer",
        "NewsItem": ".news_item",
        "PlanQueue": ".plan_queue",
        "PriceRule": ".price_rule",
        "PurchasesAnswer": ".purchases_answer",
        "QualityAdded": ".quality_added",
        "QualityAddedData": ".quality_added_data",
        "QualityCheckerAddBody": ".quality_checker_add_body",
        "QualityCheckerDeleteBody": ".quality_checker_delete_body",
        "QualityEntry": ".quality_entry",
        "QualityEntryAnswer": ".quality_entry_answer",
        "QueueAnswer": ".queue_answer",
        "QueueSizes": ".queue_sizes",
        "QueueSummary": ".queue_summary",
        "QueueSummaryAnswer": ".queue_summary_answer",
        "Rating": ".rating",
        "RegisterBody": ".register_body",
        "RemoteState": ".remote_state",
        "RemoteStateData": ".remote_state_data",
        "RemoteStatus": ".remote_status",
        "SeparationCancelBody": ".separation_cancel_body",
        "SeparationCreateBody": ".separation_create_body",
        "SeparationCreated": ".separation_created",
        "SeparationCreatedData": ".separation_created_data",
        "SeparationData": ".separation_data",
        "SeparationDeleteBody": ".separation_delete_body",
        "SeparationFile": ".separation_file",
        "SeparationState": ".separation_state",
        "SeparationStatus": ".separation_status",
        "SetCreditAlertBody": ".set_credit_alert_body",
        "SwitchBody": ".switch_body",
        "UserAnswer": ".user_answer",
        "UserData": ".user_data",
        "WebhookPayload": ".webhook_payload",
    }

    def __getattr__(name: str) -> Any:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(_MODULES[name], __name__), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted(__all__)


__all__ = (
    "ActionAnswer",
    "ActionAnswerData",
    "Algorithm",
    "AlgorithmBrief",
    "AlgorithmDescription",
    "AlgorithmField",
    "AlgorithmGroup",
    "CreditAlertAnswer",
    "DemoItem",
    "ErrorAnswer",
    "FieldCondition",
    "FreeSeparations",
    "HistoryAnswer",
    "HistoryItem",
    "InputFile",
    "LeaderboardAnswer",
    "LoginBody",
    "MessageAnswer",
    "NewsItem",
    "PlanQueue",
    "PriceRule",
    "PurchasesAnswer",
    "QualityAdded",
    "QualityAddedData",
    "QualityCheckerAddBody",
    "QualityCheckerDeleteBody",
    "QualityEntry",
    "QualityEntryAnswer",
    "QueueAnswer",
    "QueueSizes",
    "QueueSummary",
    "QueueSummaryAnswer",
    "Rating",
    "RegisterBody",
    "RemoteState",
    "RemoteStateData",
    "RemoteStatus",
    "SeparationCancelBody",
    "SeparationCreateBody",
    "SeparationCreated",
    "SeparationCreatedData",
    "SeparationData",
    "SeparationDeleteBody",
    "SeparationFile",
    "SeparationState",
    "SeparationStatus",
    "SetCreditAlertBody",
    "SwitchBody",
    "UserAnswer",
    "UserData",
    "WebhookPayload",
)
