using CertOperator.Architecture.Sample.High;

namespace CertOperator.Architecture.Sample.Low;

/// <summary>Uses of a higher level, each in another hiding place of compiled code.</summary>
public static class InAsyncLambda
{
    public static Func<Task<int>> Make() => async () =>
    {
        await Task.Yield();
        return new TopException().Value;
    };
}

public static class InNestedClosure
{
    public static Func<Func<string>> Make(int seed) => () => () => seed + ((object)seed as TopException)?.Message;
}

public static class InIterator
{
    public static IEnumerable<int> Make()
    {
        yield return 1;
        yield return new TopException().Value;
    }
}

public static class InCatch
{
    public static int Make(Func<int> function)
    {
        try
        {
            return function();
        }
        catch (TopException)
        {
            return 0;
        }
    }
}

public static class InTypeArgument
{
    public static int Make() => Array.Empty<TopException>().Length;
}

public static class InTypeToken
{
    public static string Make() => typeof(TopException).Name;
}

[Top]
public static class InAttribute;

public static class InConstraint
{
    public static T Make<T>(T item)
        where T : TopException
        => item;
}

/// <summary>The one that is as it should be.</summary>
public static class Innocent
{
    public static Func<Task<int>> Make() => async () =>
    {
        await Task.Yield();
        return InTypeArgument.Make();
    };
}
