using System.Linq.Expressions;
using System.Reflection;

namespace Azure.Data.Tables;

/// <summary>
/// A lambda over an entity as a filter: comparisons of a property (also by <c>CompareTo(…) op 0</c>, a dictionary entry or a
/// typed getter) with a value, joined by and, or, not. Anything else throws <see cref="NotSupportedException"/>.
/// </summary>
internal static class FilterExpression
{
    public static string Translate(LambdaExpression lambda)
    {
        ArgumentNullException.ThrowIfNull(lambda);
        return Condition(lambda.Body, lambda.Parameters[0]);
    }

    private static string Condition(Expression node, ParameterExpression entity) =>
        node switch
        {
            BinaryExpression { NodeType: ExpressionType.AndAlso } both => $"({Condition(both.Left, entity)}) and ({Condition(both.Right, entity)})",
            BinaryExpression { NodeType: ExpressionType.OrElse } either => $"({Condition(either.Left, entity)}) or ({Condition(either.Right, entity)})",
            BinaryExpression comparison => Comparison(comparison, entity),
            UnaryExpression { NodeType: ExpressionType.Not } not => $"not ({Condition(not.Operand, entity)})",
            UnaryExpression { NodeType: ExpressionType.Convert } convert => Condition(convert.Operand, entity),
            _ when PropertyOf(node, entity, out _) is { } name => $"{name} eq true",
            _ => throw Unsupported(node),
        };

    private static string Comparison(BinaryExpression node, ParameterExpression entity)
    {
        var (left, right, kind) = (node.Left, node.Right, node.NodeType);
        if (left is MethodCallExpression { Method.Name: nameof(string.CompareTo), Object: not null, Arguments.Count: 1 } call
            && Evaluate(right) is 0)
        {
            (left, right) = (call.Object, call.Arguments[0]);
        }

        if (PropertyOf(left, entity, out var type) is { } name)
        {
            return $"{name} {Operator(kind)} {Literal(right, type)}";
        }

        return PropertyOf(right, entity, out type) is { } other
            ? $"{other} {Operator(Mirror(kind))} {Literal(left, type)}"
            : throw Unsupported(node);
    }

    private static string PropertyOf(Expression node, ParameterExpression entity, out Type type)
    {
        node = Strip(node);
        type = node.Type;
        switch (node)
        {
            case MemberExpression { Member.Name: "Value" } value when Nullable.GetUnderlyingType(value.Expression?.Type ?? typeof(object)) is not null:
                return PropertyOf(value.Expression, entity, out type);
            case MemberExpression member when member.Expression is not null && Strip(member.Expression) == entity:
                return EntityShape.NameOf(member.Member);
            case MethodCallExpression { Object: not null, Arguments.Count: 1 } call
                when Strip(call.Object) == entity && call.Method.Name.StartsWith("get_Item", StringComparison.Ordinal)
                    | call.Method.Name.StartsWith("Get", StringComparison.Ordinal):
                return (string)Evaluate(call.Arguments[0]);
            default:
                return null;
        }
    }

    private static string Literal(Expression node, Type propertyType)
    {
        var value = Evaluate(node);
        propertyType = Nullable.GetUnderlyingType(propertyType) ?? propertyType;
        return FilterLiteral.Of(propertyType.IsEnum && value is not null ? Enum.ToObject(propertyType, value) : value);
    }

    private static object Evaluate(Expression node) =>
        node switch
        {
            ConstantExpression constant => constant.Value,
            MemberExpression { Member: FieldInfo field } member => field.GetValue(member.Expression is null ? null : Evaluate(member.Expression)),
            _ => Expression.Lambda(node).Compile(preferInterpretation: true).DynamicInvoke(),
        };

    private static Expression Strip(Expression node)
    {
        while (node is UnaryExpression { NodeType: ExpressionType.Convert } convert)
        {
            node = convert.Operand;
        }

        return node;
    }

    private static string Operator(ExpressionType kind) =>
        kind switch
        {
            ExpressionType.Equal => "eq",
            ExpressionType.NotEqual => "ne",
            ExpressionType.GreaterThan => "gt",
            ExpressionType.GreaterThanOrEqual => "ge",
            ExpressionType.LessThan => "lt",
            ExpressionType.LessThanOrEqual => "le",
            _ => throw new NotSupportedException($"The filter language has no {kind}."),
        };

    private static ExpressionType Mirror(ExpressionType kind) =>
        kind switch
        {
            ExpressionType.GreaterThan => ExpressionType.LessThan,
            ExpressionType.GreaterThanOrEqual => ExpressionType.LessThanOrEqual,
            ExpressionType.LessThan => ExpressionType.GreaterThan,
            ExpressionType.LessThanOrEqual => ExpressionType.GreaterThanOrEqual,
            _ => kind,
        };

    private static NotSupportedException Unsupported(Expression node) => new($"The filter language cannot say {node.NodeType}.");
}
