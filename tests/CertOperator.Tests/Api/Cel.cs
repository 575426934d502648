using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CertOperator.Api;

/// <summary>
/// As much of the Common Expression Language as the rules of the definitions use. What is absent is an error, as in CEL, unless
/// <c>has</c> asks for it; null is absent, as the API server has it.
/// </summary>
internal sealed partial class Cel
{
    private readonly string[] _tokens;
    private int _next;

    private Cel(string rule) => _tokens = [.. Token().Matches(rule).Select(token => token.Value), ""];

    private delegate object Expression(JsonNode self);

    public static bool Holds(string rule, JsonNode self)
    {
        var parser = new Cel(rule);
        Expression parsed = parser.Choice();
        return parser.Peek is "" ? (bool)parsed(self) : throw new FormatException($"{rule}: {parser.Peek} is not understood.");
    }

    private string Peek => _tokens[_next];

    private bool Take(string token)
    {
        if (Peek != token)
            return false;
        _next++;
        return true;
    }

    private void Expect(string token)
    {
        if (!Take(token))
            throw new FormatException($"{token} is expected before {string.Join(' ', _tokens[_next..])}.");
    }

    private Expression Choice()
    {
        Expression condition = Either();
        if (!Take("?"))
            return condition;
        Expression yes = Choice();
        Expression no = Then(":", Choice);
        return self => (bool)condition(self) ? yes(self) : no(self);
    }

    private Expression Either()
    {
        Expression left = Both();
        while (Take("||"))
        {
            Expression first = left, second = Both();
            left = self => (bool)first(self) || (bool)second(self);
        }

        return left;
    }

    private Expression Both()
    {
        Expression left = Relation();
        while (Take("&&"))
        {
            Expression first = left, second = Relation();
            left = self => (bool)first(self) && (bool)second(self);
        }

        return left;
    }

    private Expression Relation()
    {
        Expression left = Sum();
        if (Peek is not ("==" or "!=" or "<" or "<=" or ">" or ">=" or "in"))
            return left;
        string relation = _tokens[_next++];
        Expression right = Sum();
        return self => (relation, left(self), right(self)) switch
        {
            ("==", var a, var b) => a.Equals(b),
            ("!=", var a, var b) => !a.Equals(b),
            ("in", var a, object[] list) => list.Contains(a),
            ("<", IComparable a, var b) => a.CompareTo(b) < 0,
            ("<=", IComparable a, var b) => a.CompareTo(b) <= 0,
            (">", IComparable a, var b) => a.CompareTo(b) > 0,
            (">=", IComparable a, var b) => a.CompareTo(b) >= 0,
            var (_, a, _) => throw new FormatException($"{a} {relation} is not understood."),
        };
    }

    private Expression Sum()
    {
        Expression left = Term();
        while (Take("+"))
        {
            Expression first = left, second = Term();
            left = self => (long)first(self) + (long)second(self);
        }

        return left;
    }

    private Expression Term()
    {
        if (Take("!"))
            return Negate(Term());
        if (Take("("))
            return Closed(Choice());
        if (Take("["))
            return List();
        string token = _tokens[_next++];
        if (token is "has" or "duration")
        {
            Expect("(");
            return token == "has" ? Closed(Path(_tokens[_next++], isAsked: true)) : Closed(Duration(Choice()));
        }

        if (token.StartsWith("self", StringComparison.Ordinal))
            return Path(token, isAsked: false);
        object constant = token[0] == '\'' ? token.Trim('\'') : long.Parse(token, CultureInfo.InvariantCulture);
        return _ => constant;
    }

    private Expression List()
    {
        var items = new List<Expression> { Choice() };
        while (Take(","))
            items.Add(Choice());
        Expect("]");
        return self => items.Select(item => item(self)).ToArray();
    }

    /// <summary>A field of the object, or whether it is there; the fields before the last have to be.</summary>
    private Expression Path(string path, bool isAsked)
    {
        string[] names = path.Split('.')[1..];
        Expression? prefix = names[^1] == "startsWith" ? Then("(", Choice) : null;
        if (prefix is not null)
        {
            Expect(")");
            names = names[..^1];
        }

        return self =>
        {
            JsonNode last = names[..^1].Aggregate(self, (node, name) => node[name] ?? throw new FormatException($"{path}: there is no {name}."));
            if (isAsked)
                return last[names[^1]] is not null;
            object value = Value(last[names[^1]] ?? throw new FormatException($"{path}: there is no {names[^1]}."));
            return prefix is null ? value : ((string)value).StartsWith((string)prefix(self), StringComparison.Ordinal);
        };
    }

    private Expression Then(string token, Func<Expression> next)
    {
        Expect(token);
        return next();
    }

    private Expression Closed(Expression inner)
    {
        Expect(")");
        return inner;
    }

    private static Expression Negate(Expression inner) => self => !(bool)inner(self);

    private static Expression Duration(Expression text)
        => self => GoDuration.TryParse((string)text(self), out TimeSpan duration) ? duration : throw new FormatException("No duration.");

    private static object Value(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => node.GetValue<long>(),
        JsonValueKind.String => node.GetValue<string>(),
        var kind => throw new FormatException($"A value of kind {kind} is not understood."),
    };

    [GeneratedRegex(@"[A-Za-z][\w.]*|\d+|'[^']*'|\|\||&&|[=!<>]=|[^\s]")]
    private static partial Regex Token();
}
