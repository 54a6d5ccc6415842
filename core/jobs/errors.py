"""What operators can be refused."""

from core.errors import Conflict, NotFound


class JobNotFound(NotFound):
    """No such job, or not the asker's."""

    message = "没有找到这个任务"


class JobNotFailed(Conflict):
    """Only a job that was given up is tried again by hand."""

    message = "只有失败的任务才能重试，这个任务已经不是失败状态"


class JobNotWaiting(Conflict):
    """Only a job that nobody has begun can be cancelled."""

    message = "只有等待中的任务才能取消，这个任务已经开始或结束"
