"""What can be refused."""

from core.errors import Conflict, Invalid, NotFound, TooMany


class CodeNotFound(NotFound):
    """No code was asked for under this address, or it is long over."""

    message = "这个页面已经过期，请重新获取验证码"


class CodeOver(Conflict):
    """Used, too old, or tried too often."""

    message = "验证码已经失效，请重新获取"


class CodeWrong(Invalid):
    """Another number was typed. The try counts, however the request ends."""

    message = "验证码不对，还可以再试 %(left)s 次"
    field = "code"
    leaves_a_mark = True


class TooManyCodes(TooMany):
    """Too many codes for this phone, known or not, or from this address."""

    message = "获取验证码太频繁，请 %(minutes)s 分钟后再试"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(minutes=-(-retry_after_s // 60))
        self.retry_after_s = retry_after_s


class NoAccount(Conflict):
    """Said only to who has proven that the phone is his."""

    message = "这个手机号还没有注册"


class AlreadyRegistered(Conflict):
    """Said only to who has proven that the phone is his."""

    message = "这个手机号已经注册，请直接登录；忘了密码可以重设"


class NameMalformed(Invalid):
    """A name is 1 to 40 printable characters."""

    message = "姓名要有 1 到 40 个字"
    field = "name"


class ConsentMissing(Invalid):
    """No account without having read what is kept."""

    message = "请先阅读并同意隐私说明"
    field = "agreed"


class ConsentUnknown(NotFound):
    """No such purpose."""

    message = "没有这一项同意"


class ConsentNeeded(Conflict):
    """What an account cannot do without ends with the account."""

    message = "没有这一项就不能有账号，这里不能撤回；请联系社区工作人员"


class NotYours(Conflict):
    """A worker issues codes for strangers and for residents of his places who hold no role."""

    message = "这个手机号的居民不在您负责的地方，或者担任着角色，请本人用短信验证码办理"
