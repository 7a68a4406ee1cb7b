"""What we should do next, and who decided: priorities, stages, meetings, decisions, responses.

In: questions with scores by group, what is answered or running already, what more knowledge would be worth. Out: priorities that each
reach a public state, and decisions with what they rested on, who left and who disagreed.
"""
